"""Drives a memcached server over one connection with Debian's python3-pymemcache, and prints one line of JSON: port, depth, whether in one call, seconds, seconds to warm up."""
import json
import sys
import time

from pymemcache.client.base import Client

port, depth, many, seconds, warmup = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3] == "many", float(sys.argv[4]), float(sys.argv[5])
client = Client(("127.0.0.1", port), no_delay=True)
keys = ["benchmark:%06d" % number for number in range(depth)]


def turn():
    if many:
        return len(client.get_many(keys))
    return 1 if client.get(keys[0]) else 0


def measure(span):
    calls, began, cpu = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - began < span:
        calls += turn()
    return {"Rate": calls / (time.perf_counter() - began), "Cpu": (time.process_time() - cpu) * 1e6 / calls, "Bytes": None}


measure(warmup)
print(json.dumps(measure(seconds)), flush=True)
