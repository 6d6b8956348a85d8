"""How a fact is told: ``render`` turns each Say into the messages of the HTTP contract, in one language."""

from bot.replies.render import render

__all__ = ["render"]
