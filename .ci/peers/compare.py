#!/usr/bin/env python3
"""compare.py ENDPOINT - play script.json against the local AWS at ENDPOINT and against moto_server, and tell where they differ.

The script is played by the AWS CLI and by the AWS SDK for Go (sdk/main.go), each on both servers. What moto answers is a
question; what AWS was recorded or documented to answer decides. So every difference stands in differences.json with the
reason and what decides it. Exit status 1 when a difference is not explained there, or one that is explained is gone.

`compare.py ENDPOINT --print` prints all differences as they would stand in differences.json.
"""
import concurrent.futures
import contextlib
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
MISSING = "(missing)"
os.environ.update(AWS_ACCESS_KEY_ID="peer", AWS_SECRET_ACCESS_KEY="peer", AWS_DEFAULT_REGION="us-east-1", AWS_REGION="us-east-1", AWS_MAX_ATTEMPTS="1",
                  AWS_EC2_METADATA_DISABLED="true", AWS_PAGER="", AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)
# Members whose values are made up anew each time.
OPAQUE = re.compile(r"(MessageId|ReceiptHandle|TaskHandle|RequestId|SequenceNumber|SubscriptionArn|revisionId|TableId|SenderId|UserId|Policy|nextToken|"
                    r".*Timestamp|timestamp|.*[dD]ate(Time)?|.*MessagesMoved)$", re.I)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__.splitlines()[0])
    steps = json.load(open(os.path.join(HERE, "script.json")))
    with moto() as peer, concurrent.futures.ThreadPoolExecutor() as pool:
        played = {}
        for client in PLAYERS:
            sides = [pool.submit(play, client, url, steps) for url in (sys.argv[1], peer)]
            played[client] = [s.result() for s in sides]
    found = {}  # (operation, step, member) -> (ours, moto's, clients)
    for client, (ours, theirs) in played.items():
        for step, us, them in zip(steps, ours, theirs, strict=True):
            for member, values in differences(us, them):
                key = step["service"] + "." + step["operation"], step["step"], member
                found.setdefault(key, (*values, []))[2].append(client)
    both = disagreements(steps, played)
    sys.exit(report(found, both, len(steps)))


# Playing the script.


PLAYERS = {"SDK": ["go", "run", os.path.join(HERE, "sdk", "main.go")], "CLI": [sys.executable, os.path.join(HERE, "cli.py")]}


def play(client, url, steps):
    run = subprocess.run([*PLAYERS[client], url], input=json.dumps(steps), capture_output=True, text=True, cwd=ROOT)
    if run.returncode:
        sys.exit(f"FAILED the {client} on {url}: {run.stderr}")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return [{"error": line["error"]} if "error" in line else lowered(line.get("answer") or {}) for line in lines]


def lowered(value):
    """Member names begin with a small letter, as the SDK writes them all large and the CLI as the service does."""
    if isinstance(value, dict):
        return {k[:1].lower() + k[1:]: lowered(v) for k, v in value.items() if v not in (None, "", [], {})}
    return [lowered(v) for v in value] if isinstance(value, list) else value


# moto_server.


@contextlib.contextmanager
def moto():
    port = free()
    log = io.StringIO()
    server = subprocess.Popen([sys.executable, os.path.join(HERE, "moto_run.py"), "-H", "127.0.0.1", "-p", str(port)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            if server.poll() is not None:
                sys.exit(f"FAILED moto_server ended: {server.stderr.read()[-2000:]}")
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.1)
        else:
            sys.exit("FAILED moto_server did not listen within 30 s")
        drain = concurrent.futures.ThreadPoolExecutor(1)
        drain.submit(lambda: [log.write(line) for line in server.stderr])
        yield url
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()


def free():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# Comparing.


def flat(value, path=""):
    """An answer as paths and texts, with what differs each time replaced."""
    if isinstance(value, dict):
        for k, v in value.items():
            yield from flat(v, f"{path}.{k}" if path else k)
    elif isinstance(value, list):
        for i, v in enumerate(value):
            yield from flat(v, f"{path}[{i}]")
    else:
        name = path.rsplit(".", 1)[-1]
        yield path, "*" if OPAQUE.match(name) else masked(value)


def masked(value):
    if not isinstance(value, str):
        return json.dumps(value)
    with contextlib.suppress(ValueError):  # JSON in a text: spaces and order do not count
        inner = json.loads(value)
        if isinstance(inner, (dict, list)):
            value = json.dumps(inner, sort_keys=True)
    value = re.sub(r"http://127\.0\.0\.1:\d+", "URL", value)
    value = re.sub(r"\b\d{12}\b", "ACCOUNT", value)
    value = re.sub(r"-(sdk|cli)\b", "", value)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID", value)


def differences(ours, theirs):
    us, them = dict(flat(ours)), dict(flat(theirs))
    if ("error" in us) != ("error" in them):  # one success: its members say nothing new
        yield "error", (us.get("error", "(answers)"), them.get("error", "(answers)"))
        return
    for path in sorted(us.keys() | them.keys()):
        if us.get(path, MISSING) != them.get(path, MISSING):
            yield path, (us.get(path, MISSING), them.get(path, MISSING))


def disagreements(steps, played):
    """Steps of which the two clients tell different outcomes of our server."""
    for step, by_sdk, by_cli in zip(steps, played["SDK"][0], played["CLI"][0], strict=True):
        if by_sdk.get("error") != by_cli.get("error"):
            yield step["step"], by_sdk.get("error", "an answer"), by_cli.get("error", "an answer")


# Telling.


def report(found, both, steps):
    if "--print" in sys.argv:
        for (operation, step, member), (us, them, clients) in found.items():
            print(json.dumps({"operation": operation, "step": step, "member": member, "ours": us, "moto": them, "clients": clients}))
        return 0
    explained = json.load(open(os.path.join(HERE, "differences.json")))
    used, bad = set(), 0
    for (operation, step, member), (us, them, clients) in sorted(found.items()):
        for i, e in enumerate(explained):
            if re.fullmatch(e["operation"], operation) and re.fullmatch(e["step"], step) and re.fullmatch(e["member"], member):
                used.add(i)
                break
        else:
            bad += 1
            print(f"FAILED {operation}, {step} ({' and '.join(clients)}): {member} is {us} here and {them} on moto, and nothing explains it")
    for i, e in enumerate(explained):
        if i not in used:
            bad += 1
            print(f"FAILED {e['operation']}, {e['step']}: {e['member']} does not differ any more; take it out of differences.json")
    for step, by_sdk, by_cli in both:
        bad += 1
        print(f"FAILED {step}: the SDK sees {by_sdk}, the AWS CLI {by_cli}")
    if not bad:
        print(f"ok {steps} steps by the AWS CLI and the SDK: {len(found)} differences to moto, all explained by {len(explained)} entries")
    return 1 if bad else 0


main()
