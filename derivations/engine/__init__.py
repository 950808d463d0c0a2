"""The derivation engine: a language, a prover, a refuter and their audit."""
