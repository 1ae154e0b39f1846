"""From nothing to the first result with Python's own pools."""
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor


def echo(message):
    return message


def once(method):
    start = time.perf_counter()
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as pool:
        pool.submit(echo, "first").result()
        return (time.perf_counter() - start) * 1e3


if __name__ == "__main__":
    for method in ("fork", "spawn", "forkserver"):
        first = once(method)
        times = sorted(once(method) for _ in range(9))
        print(f"| Python ProcessPoolExecutor, 2 workers, {method} | {first:.0f} , {times[0]:.0f} / {times[4]:.0f} |")
