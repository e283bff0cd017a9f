"""The lessons as plain data, one file each, for every host that shows a lab."""
