"""Networks: whole systems, built from the functions of the other chapters."""
