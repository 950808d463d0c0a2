"""Other libraries under the contract's names: NumPy in, NumPy out, nothing mended."""
