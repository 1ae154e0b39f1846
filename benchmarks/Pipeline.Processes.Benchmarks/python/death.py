"""SIGKILL of the only worker with 200 calls waiting, with Python's own pools."""
import multiprocessing
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor


def spin(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass
    return os.getpid()


def executor():
    pool = ProcessPoolExecutor(1)
    worker = pool.submit(spin, 0).result()
    futures = [pool.submit(spin, 0.001) for _ in range(200)]
    futures[20].result()
    os.kill(worker, signal.SIGKILL)
    failed = 0
    for future in futures:
        try:
            future.result(timeout=5)
        except Exception:
            failed += 1
    pool.shutdown(wait=False)
    return failed


def pool():
    with multiprocessing.Pool(1) as pool:
        worker = pool.apply(spin, (0,))
        results = [pool.apply_async(spin, (0.001,)) for _ in range(200)]
        results[20].get()
        os.kill(worker, signal.SIGKILL)
        killed = time.perf_counter()
        following = None
        lost = 0
        for result in results[21:]:
            try:
                result.get(timeout=3 if following is None else 0.5)
                if time.perf_counter() - killed > 0.002 and following is None:
                    following = time.perf_counter() - killed
            except multiprocessing.TimeoutError:
                lost += 1
        return following, lost


def hang(*_):
    """A killed worker may have held the lock of the queue, which nobody gives back."""
    print("| Python multiprocessing.Pool (hung for 60 s: the killed worker held a lock of the queue) | never | not known | not known |", flush=True)
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(0)


if __name__ == "__main__":
    print(f"| Python ProcessPoolExecutor (the pool is broken afterwards) | never | {executor()} | 0 |", flush=True)
    signal.signal(signal.SIGALRM, hang)
    signal.alarm(60)
    following, lost = pool()
    signal.alarm(0)
    text = "never" if following is None else f"{following*1e3:.0f}"
    print(f"| Python multiprocessing.Pool (one round; a lost result never ends) | {text} | 0 | {lost} |")
