"""Threads or processes for work that computes, and what each costs, in Python."""
import os
import pickle
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

PARTS = 8
LIMIT = 640_000  # 2.0 million trial divisions a part, against 45.3 million for the 6,000,000 of the .NET side


def count_primes(limit):
    count = 0
    for n in range(2, limit):
        d = 2
        prime = True
        while d * d <= n:
            if n % d == 0:
                prime = False
                break
            d += 1
        count += prime
    return count


def median(run):
    run()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return sorted(times)[1]


def row(name, kind):
    times = []
    for workers in (1, 2):
        with kind(workers) as pool:
            times.append(median(lambda: list(pool.map(count_primes, [LIMIT // PARTS] * PARTS))))
    print(f"| {name} (1/22 of the work) | {times[0]:.2f} | {times[1]:.2f} | {times[0]/times[1]:.2f} |")


def resident(_):
    time.sleep(0.1)
    with open("/proc/self/statm") as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 2**20


def switch(times=20_000):
    there, back = threading.Semaphore(0), threading.Semaphore(0)

    def other():
        for _ in range(times):
            there.acquire()
            back.release()

    thread = threading.Thread(target=other)
    thread.start()
    start = time.perf_counter()
    for _ in range(times):
        there.release()
        back.acquire()
    thread.join()
    return (time.perf_counter() - start) / times * 1e6


def serialize(value, times):
    for i in range(-times // 4, times):
        if i == 0:
            start = time.perf_counter()
        pickle.loads(pickle.dumps(value))
    return (time.perf_counter() - start) / times


if __name__ == "__main__":
    if sys.argv[1] == "speed":
        row("Python threads", ThreadPoolExecutor)
        row("Python processes", ProcessPoolExecutor)
    else:
        with ProcessPoolExecutor(1) as pool:
            print(pool.submit(resident, 0).result())
        print(f"{switch():.1f}")
        print(f"{serialize({'text': 'x' * 36, 'number': 0}, 20_000)*1e6:.2f}")
        print(f"{serialize(bytes(24 << 20), 5)*1e3:.1f}")
