"""24 MiB to and from a worker of Python's own pools. Prints rows of the table that the benchmark prints."""
import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor

BYTES = 24 << 20


def touch(data):
    return sum(data[::4096]) // (len(data) // 4096)


def make(value):
    data = bytearray(BYTES)
    data[::4096] = bytes([value]) * (BYTES // 4096)
    return bytes(data)


def measure(call, rounds=8):
    times = []
    for i in range(rounds + 2):
        start = time.perf_counter()
        call()
        if i >= 2:
            times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    return f"{times[0]:.1f} / {times[len(times)//2]:.1f}"


def main():
    data = make(1)
    with ProcessPoolExecutor(1) as pool:
        to = measure(lambda: pool.submit(touch, data).result())
        back = measure(lambda: touch(pool.submit(make, 7).result()))
        print(f"| Python ProcessPoolExecutor, pickle | {to} | {back} | not counted |")
    with multiprocessing.Pool(1) as pool:
        to = measure(lambda: pool.apply(touch, (data,)))
        back = measure(lambda: touch(pool.apply(make, (7,))))
        print(f"| Python multiprocessing.Pool, pickle | {to} | {back} | not counted |")


if __name__ == "__main__":
    main()
