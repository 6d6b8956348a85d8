"""Reads messages with a trained model, without a server: ``python -m bot.nlu.reader MODEL``, JSON lines in and out.

In: ``{"text": …, "heard": language}``. Out: ``{"ranking": [[intent, confidence], …], "ms": milliseconds}``, best
first, as the conversation gets them; "not sure" is left out, for it is not a guess.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

FALLBACK = "nlu_fallback"


async def read(model: str) -> None:
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    agent = Agent.load(model)
    assert agent.processor is not None
    for number, line in enumerate(sys.stdin):
        asked = json.loads(line)
        message = UserMessage(asked["text"], metadata={"heard": asked["heard"]}, sender_id=str(number))
        begun = time.perf_counter()
        parsed = await agent.processor.parse_message(message)
        took = (time.perf_counter() - begun) * 1000
        ranking = [[one["name"], one["confidence"]] for one in parsed["intent_ranking"] if one["name"] != FALLBACK]
        sys.stdout.write(json.dumps({"ranking": ranking, "ms": took}) + "\n")
        sys.stdout.flush()


def main() -> None:
    import logging

    import structlog

    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # Rasa would write each message to the output.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(read(sys.argv[1]))


if __name__ == "__main__":
    main()
