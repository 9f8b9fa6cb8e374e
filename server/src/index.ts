// Public API of the package: the only file others import.
