import asyncio

from bot.jobs import Job, run


async def test_a_job_that_fails_is_done_again_and_keeps_no_other_from_its_turn(caplog):
    done, enough = [], asyncio.Event()

    async def failing():
        done.append("failing")
        raise ZeroDivisionError

    async def working():
        done.append("working")
        if done.count("failing") > 1 and done.count("working") > 1:
            enough.set()

    running = asyncio.create_task(run(Job("one", 0.01, failing), Job("another", 0.01, working)))
    async with asyncio.timeout(10):
        await enough.wait()
    running.cancel()
    await asyncio.wait([running])

    assert "one failed" in caplog.text
