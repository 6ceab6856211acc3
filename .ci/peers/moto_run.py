"""moto_server 5.2.1 as a usable test peer: state machines execute, no Docker.

    python3 moto_run.py -H 127.0.0.1 -p 5556

Repairs, each a defect met by probing:
 1. 2nd StartExecution in execute mode -> 500 (deepcopy of an RLock)   [fixed upstream in 5.2.4.dev, #10093]
 2. StartExecution without a name in execute mode -> 500
 3. StopExecution drops error/cause
 4. CloudFormation creates machines/functions in the *other* backend    [lambda half fixed in 5.2.2]
 5. SendMessage/ReceiveMessage recount the queue per message -> O(n) per message
 6. execute_state_machine / use_docker=false from the start, no POST /moto-api/config needed
"""
import copy
import sys
import threading

from moto.core.config import default_user_config

default_user_config["stepfunctions"] = {"execute_state_machine": True}
default_user_config["lambda"] = {"use_docker": False}

from moto.moto_api._internal import mock_random
from moto.sqs import models as sqs
from moto.stepfunctions import models as sfn, responses as resp
from moto.stepfunctions.parser import models as parser


def _deepcopy(self, memo):  # 1
    new = copy.copy(self)
    new.executions = []
    return new


sfn.StateMachine.__deepcopy__ = _deepcopy

_start = parser.StepFunctionsParserBackend.start_execution


def start(self, state_machine_arn, name=None, execution_input=None, trace_header=None):  # 2
    return _start(self, state_machine_arn, name or str(mock_random.uuid4()), execution_input, trace_header)


parser.StepFunctionsParserBackend.start_execution = start


def stop(self):  # 3
    arn, err, cause = (self._get_param(k) for k in ("executionArn", "error", "cause"))
    x = self.stepfunction_backend.describe_execution(arn)
    x.stop(stop_date=sfn.utcnow(), error=err, cause=cause)
    x.error, x.cause = err or x.error, cause or x.cause
    return resp.ActionResult({"stopDate": x.stop_date or sfn.utcnow()})


resp.StepFunctionResponse.stop_execution = stop

import moto.awslambda.models as lam  # 4
from moto.awslambda_simple.models import lambda_simple_backends

sfn.stepfunctions_backends = parser.stepfunctions_parser_backends
lam.lambda_backends = lambda_simple_backends

_fast = threading.local()  # 5
_attributes = sqs.Queue.attributes.fget


def attributes(self):
    if getattr(_fast, "on", False) and not self.fifo_queue:
        return {"MessageRetentionPeriod": self.message_retention_period}
    memo = getattr(_fast, "memo", None)
    if memo is None:
        return _attributes(self)
    if self.name not in memo:
        memo[self.name] = _attributes(self)
    return memo[self.name]


sqs.Queue.attributes = property(attributes)


def _wrap(name):
    inner = getattr(sqs.SQSBackend, name)

    def call(self, *a, **k):
        before, _fast.on = getattr(_fast, "on", False), True
        try:
            return inner(self, *a, **k)
        finally:
            _fast.on = before

    setattr(sqs.SQSBackend, name, call)


_get = sqs.SQSBackend.get_queue_attributes


def get_queue_attributes(self, queue_name, attribute_names):
    if getattr(_fast, "on", False):
        return _get(self, queue_name, attribute_names)
    _fast.memo = {}
    try:
        return _get(self, queue_name, attribute_names)
    finally:
        _fast.memo = None


sqs.SQSBackend.get_queue_attributes = get_queue_attributes
for n in ("send_message", "send_message_batch", "receive_message"):
    _wrap(n)

from moto.server import main

if __name__ == "__main__":
    main(sys.argv[1:])
