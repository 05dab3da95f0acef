"""History of applications from before the installation."""
