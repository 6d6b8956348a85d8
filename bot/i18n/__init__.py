"""The one place that knows about languages: which one to speak, and how to say a sentence in it."""
