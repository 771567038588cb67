"""Drives a Redis server over one connection with Debian's python3-redis, and prints one line of JSON: what is asked, seconds, seconds to warm up."""
import json
import sys
import time

import redis

port, depth, batches, is_set, seconds, warmup = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "batches", sys.argv[4] == "set", float(sys.argv[5]), float(sys.argv[6])
key, value = "key:__rand_int__", b"x" * 64
client = redis.Redis(port=port, single_connection_client=True)


def ask(on):
    return on.set(key, value) if is_set else on.get(key)


def turn():
    if not batches:
        ask(client)
        return 1
    pipeline = client.pipeline(transaction=False)
    for _ in range(depth):
        ask(pipeline)
    return len(pipeline.execute())


def measure(span):
    calls, began, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < span:
        calls += turn()
    return {"Rate": calls / (time.perf_counter() - began), "Cpu": (time.process_time() - cpu) * 1e6 / calls, "Bytes": None}


measure(warmup)
print(json.dumps(measure(seconds)), flush=True)
