"""Small calls with Python's own pools. Prints rows of the table that the benchmark prints."""
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor


def echo(message):
    return message


MESSAGE = "x" * 64


def summarize(name, times):
    times.sort()
    print(f"| {name} | {times[0]*1e6:.1f} | {times[len(times)//2]*1e6:.1f} | {times[len(times)*99//100]*1e6:.1f} |")


def alone(call, rounds=3000):
    times = []
    for i in range(rounds + rounds // 4):
        start = time.perf_counter()
        call()
        if i >= rounds // 4:
            times.append(time.perf_counter() - start)
    return times


def many(submit, finish, in_flight, count=6000):
    best = []
    for _ in range(5):
        start = time.perf_counter()
        pending = []
        for _ in range(count):
            pending.append(submit())
            if len(pending) >= in_flight:
                finish(pending.pop(0))
        for one in pending:
            finish(one)
        best.append((time.perf_counter() - start) / count * 1e6)
    best.sort()
    return best[0], best[len(best) // 2]


def main():
    if sys.argv[1] == "alone":
        with ProcessPoolExecutor(1) as pool:
            summarize("Python ProcessPoolExecutor", alone(lambda: pool.submit(echo, MESSAGE).result()))
        with multiprocessing.Pool(1) as pool:
            summarize("Python multiprocessing.Pool", alone(lambda: pool.apply(echo, (MESSAGE,))))
    else:
        with ProcessPoolExecutor(2) as pool:
            low, middle = many(lambda: pool.submit(echo, MESSAGE), lambda f: f.result(), 32)
            print(f"| 32, Python ProcessPoolExecutor | {low:.1f} / {middle:.1f} |")
        with multiprocessing.Pool(2) as pool:
            low, middle = many(lambda: pool.apply_async(echo, (MESSAGE,)), lambda f: f.get(), 32)
            print(f"| 32, Python multiprocessing.Pool | {low:.1f} / {middle:.1f} |")


if __name__ == "__main__":
    main()
