"""Engine side (Python 3.10): Rasa components and the launcher. The app never imports this package."""
