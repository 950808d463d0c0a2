"""Networks: what is true of whole systems, proved step by step."""
