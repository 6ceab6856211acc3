#!/usr/bin/env python3
"""cli.py ENDPOINT <script.json - play a script of operations with the AWS CLI; one line of JSON for each step.

The CLI's own program is called in this process, once for each step: as a process of its own each would take half a second.
"""
import contextlib
import io
import json
import re
import sys
import time

from awscli.clidriver import create_clidriver


def aws(url, service, operation, parameters):
    out, complaints = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(complaints):
        code = create_clidriver().main(["--endpoint-url", url, service, operation, "--cli-input-json", json.dumps(parameters),
                                        "--no-paginate", "--output", "json"])
    if not code:
        return {"answer": json.loads(out.getvalue() or "{}")}
    told = re.search(r"An error occurred \((.+?)\)", complaints.getvalue())
    return {"error": told[1] if told else "(no answer of the service)", "message": complaints.getvalue().strip()}


def repeat(url, step, saved):
    operation = re.sub(r"(?<!^)(?=[A-Z])", "-", step["operation"]).lower()
    for _ in range(50):
        line = aws(url, step["service"], operation, substituted(step["parameters"], saved))
        if "error" in line:
            break
        for name, path in step.get("save", {}).items():
            saved[name] = at(line["answer"], path)
        if all(at(line["answer"], path) == want for path, want in step.get("until", {}).items()):
            break
        time.sleep(0.2)
    return line


def substituted(value, saved):
    """Replaces ${name} by what was saved."""
    if isinstance(value, str):
        return re.sub(r"\$\{(\w+)\}", lambda m: str(saved.get(m[1], "")), value)
    if isinstance(value, dict):
        return {substituted(k, saved): substituted(v, saved) for k, v in value.items()}
    return [substituted(v, saved) for v in value] if isinstance(value, list) else value


def at(answer, path):
    """The member of an answer at a path such as Messages.0.ReceiptHandle."""
    for name in path.split("."):
        try:
            answer = answer[int(name) if name.isdigit() else name]
        except (KeyError, IndexError, TypeError):
            return None
    return answer


saved = {"run": "cli"}  # makes names that no other run has
for step in json.load(sys.stdin):
    print(json.dumps({"step": step["step"], **repeat(sys.argv[1], step, saved)}), flush=True)
