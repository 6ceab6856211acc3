#!/usr/bin/env python3
"""shapes.py ENDPOINT SERVICE... - drive an endpoint with botocore and check every raw response against botocore's service models.

Services: sqs sfn ddb sns cfn sts. Checks per response: declared Content-Type, request id header, JSON/XML parses, every
member known to the output shape, required members present, JSON type of each member (timestamps are numbers, integers are
integers), enum values, error code among the operation's modelled errors (plus the common ones), x-amzn-query-error for SQS,
x-amz-crc32 for DynamoDB. Operations that the local AWS does not have are not asked for (OPERATIONS).
Those it has must be answered: one that it does not know is a finding. Exit status 1 when anything was found. Only loopback
endpoints are accepted.
"""
import json
import os
import re
import sys
import time
import uuid
import xml.etree.ElementTree as ET
import zlib
from urllib.parse import urlparse

os.environ.update(AWS_ACCESS_KEY_ID="t", AWS_SECRET_ACCESS_KEY="t", AWS_DEFAULT_REGION="us-east-1", AWS_EC2_METADATA_DISABLED="true")
import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

EP = sys.argv[1]
assert urlparse(EP).hostname in ("127.0.0.1", "localhost", "::1"), "loopback only"
findings, calls, asked = [], 0, set()
SERVICES = {"sqs": "sqs", "sfn": "stepfunctions", "ddb": "dynamodb", "sns": "sns", "cfn": "cloudformation", "sts": "sts"}
OPERATIONS = {  # what the local AWS has; an operation outside is never called
    "sqs": "CreateQueue DeleteQueue ListQueues GetQueueUrl GetQueueAttributes SetQueueAttributes PurgeQueue SendMessage SendMessageBatch ReceiveMessage "
           "DeleteMessage DeleteMessageBatch ChangeMessageVisibility ChangeMessageVisibilityBatch ListDeadLetterSourceQueues StartMessageMoveTask ListMessageMoveTasks CancelMessageMoveTask",
    "stepfunctions": "CreateStateMachine DeleteStateMachine DescribeExecution DescribeStateMachine GetExecutionHistory ListExecutions ListStateMachines "
           "RedriveExecution StartExecution StopExecution",
    "dynamodb": "CreateTable DeleteTable DescribeTable ListTables PutItem GetItem UpdateItem Query Scan BatchGetItem",
    "sns": "CreateTopic DeleteTopic ListTopics Subscribe GetTopicAttributes Publish",
    "cloudformation": "DescribeStacks DescribeStackResources",
    "sts": "GetCallerIdentity",
}
# Errors that every operation may answer with and the models leave out; AWS sends the last two from SQS.
COMMON = {"ValidationException", "ValidationError", "AccessDeniedException", "UnrecognizedClientException", "MissingParameter",
          "InvalidParameterValue", "SerializationException", "ThrottlingException", "InvalidParameterCombination", "MissingAction",
          "InvalidParameterValueException", "MissingRequiredParameterException"}


def note(op, msg):
    findings.append((op.service_model.service_name, op.name, msg))


def check(op, shape, v, path):
    t = shape.type_name
    if v is None:
        return
    if t == "structure":
        if not isinstance(v, dict):
            return note(op, f"{path}: {type(v).__name__}, want structure")
        names = {(m.serialization.get("name") or n): (n, m) for n, m in shape.members.items()}
        for k in v:
            if k not in names and k != "__type":
                note(op, f"{path}.{k}: not a member of {shape.name}")
        for r in shape.required_members:
            if r in ("Failed", "Successful") and op.name.endswith("Batch"):
                continue  # AWS leaves an empty list out (LocalStack recording)
            if v.get(r) is None:
                note(op, f"{path}.{r}: required by {shape.name}, missing")
        for k, (n, m) in names.items():
            if k in v:
                check(op, m, v[k], f"{path}.{k}")
    elif t == "list":
        if not isinstance(v, list):
            return note(op, f"{path}: {type(v).__name__}, want list")
        for i, x in enumerate(v[:50]):
            check(op, shape.member, x, f"{path}[{i}]")
    elif t == "map":
        if not isinstance(v, dict):
            return note(op, f"{path}: {type(v).__name__}, want map")
        for k, x in list(v.items())[:50]:
            if getattr(shape.key, "enum", None) and k not in shape.key.enum:
                note(op, f"{path}: key {k!r} not in enum {shape.key.name}")
            check(op, shape.value, x, f"{path}.{k}")
    else:
        want = {"string": str, "character": str, "blob": str, "boolean": bool, "integer": int, "long": int, "timestamp": (int, float), "float": (int, float), "double": (int, float)}[t]
        if not isinstance(v, want) or (t != "boolean" and isinstance(v, bool)):
            return note(op, f"{path}: {type(v).__name__} {str(v)[:40]!r}, want {t}")
        if t == "string" and getattr(shape, "enum", None) and v not in shape.enum:
            note(op, f"{path}: {v!r} not in enum {shape.name}")
        m = shape.metadata
        if t == "string" and "min" in m and len(v) < m["min"]:
            note(op, f"{path}: shorter than {m['min']}")
        if t == "string" and "pattern" in m:
            try:
                if not re.search(m["pattern"], v):
                    note(op, f"{path}: {v[:60]!r} does not match {m['pattern'][:60]}")
            except re.error:
                pass


def xml_check(op, shape, el, path):
    loc = lambda e: e.tag.split("}")[-1]
    t = shape.type_name
    if t == "structure":
        names = {}
        for n, m in shape.members.items():
            names[m.serialization.get("name") or n] = m
            if m.type_name == "list" and m.serialization.get("flattened"):
                names[m.member.serialization.get("name") or n] = m
        seen = set()
        for c in el:
            if loc(c) not in names:
                note(op, f"{path}.{loc(c)}: not a member of {shape.name}")
            else:
                seen.add(loc(c))
                xml_check(op, names[loc(c)], c, f"{path}.{loc(c)}")
        for r in shape.required_members:
            if r not in seen:
                note(op, f"{path}.{r}: required by {shape.name}, missing")
    elif t == "list":
        want = shape.member.serialization.get("name") or "member"
        for c in el:
            if loc(c) != want:
                note(op, f"{path}: element <{loc(c)}>, want <{want}>")
            xml_check(op, shape.member, c, path + "[]")
    elif t == "map":
        for e in el:
            if loc(e) != "entry" or [loc(x) for x in e] != ["key", "value"]:
                note(op, f"{path}: map entry is <{loc(e)}>{[loc(x) for x in e]}")
    elif t == "timestamp":
        if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$", el.text or ""):
            note(op, f"{path}: timestamp {el.text!r} not ISO 8601 with zone")
    elif t == "boolean" and el.text not in ("true", "false"):
        note(op, f"{path}: boolean {el.text!r}")
    elif t in ("integer", "long") and not re.fullmatch(r"-?\d+", el.text or ""):
        note(op, f"{path}: {t} {el.text!r}")
    elif t == "string" and getattr(shape, "enum", None) and el.text not in shape.enum:
        note(op, f"{path}: {el.text!r} not in enum {shape.name}")


def raw(operation_model=None, response_dict=None, **kw):
    global calls
    calls += 1
    op, h, body, st = operation_model, {k.lower(): v for k, v in response_dict["headers"].items()}, response_dict["body"], response_dict["status_code"]
    meta = op.service_model.metadata
    proto = op.service_model.resolved_protocol
    if "x-amzn-requestid" not in h and "x-amz-request-id" not in h and proto != "query":
        note(op, "no x-amzn-RequestId header")
    if proto == "json":
        want = f"application/x-amz-json-{meta.get('jsonVersion', '1.0')}"
        if h.get("content-type", "").split(";")[0] != want:
            note(op, f"Content-Type {h.get('content-type')!r}, AWS {want}")
        try:
            d = json.loads(body or b"{}")
        except ValueError:
            return note(op, f"HTTP {st}: body is not JSON: {body[:60]!r}")
        if meta.get("targetPrefix", "").startswith("DynamoDB") and "x-amz-crc32" not in h:
            note(op, "no x-amz-crc32 header (the SDKs accept its absence)")
        elif "x-amz-crc32" in h and int(h["x-amz-crc32"]) != zlib.crc32(body):
            note(op, "x-amz-crc32 wrong")
        if st >= 300:
            code = (d.get("__type") or "").split("#")[-1]
            if not code:
                note(op, f"HTTP {st} error without __type: {body[:80]!r}")
            elif code not in {s.name for s in op.error_shapes} | {s.error_code for s in op.error_shapes if hasattr(s, 'error_code')} | COMMON:
                note(op, f"error {code!r} is not modelled for the operation")
            if "message" not in d and "Message" not in d:
                note(op, "error without message")
            if meta.get("awsQueryCompatible") is not None and "x-amzn-query-error" not in h:
                note(op, "error without x-amzn-query-error header")
        elif op.output_shape:
            check(op, op.output_shape, d, "$")
    elif proto == "query":
        if "xml" not in h.get("content-type", ""):
            note(op, f"Content-Type {h.get('content-type')!r}, AWS text/xml")
        try:
            root = ET.fromstring(body)
        except ET.ParseError:
            return note(op, f"HTTP {st}: body is not XML: {body[:60]!r}")
        loc = lambda e: e.tag.split("}")[-1]
        ns = root.tag.split("}")[0].strip("{")
        kids = {loc(c): c for c in root}
        if st >= 300:
            if loc(root) != "ErrorResponse" or "Error" not in kids:
                return note(op, f"error root <{loc(root)}>, AWS <ErrorResponse><Error>")
            if [c.text for c in kids["Error"] if loc(c) == "Code"] == ["InvalidAction"]:
                note(op, "the operation is not implemented")
            if not {"Type", "Code", "Message"} <= {loc(c) for c in kids["Error"]}:
                note(op, f"error lacks Type/Code/Message: {[loc(c) for c in kids['Error']]}")
            return
        if ns != meta.get("xmlNamespace"):
            note(op, f"xmlns {ns!r}, AWS {meta.get('xmlNamespace')!r}")
        if loc(root) != op.name + "Response":
            note(op, f"root <{loc(root)}>, AWS <{op.name}Response>")
        if "ResponseMetadata" not in kids:
            note(op, "no <ResponseMetadata><RequestId>")
        if op.output_shape:
            w = op.output_shape.serialization.get("resultWrapper")
            if w and w not in kids:
                if op.output_shape.members:
                    note(op, f"no <{w}>")
            else:
                xml_check(op, op.output_shape, kids.get(w, root), "$")


sess = boto3.Session()
sess.events.register("before-parse.*.*", raw)


def client(n):
    extra = {"inject_host_prefix": False} if n == "stepfunctions" else {}
    return sess.client(n, endpoint_url=EP, config=Config(retries={"total_max_attempts": 1}, parameter_validation=False, **extra))


def t(f, *a, **k):
    """Calls an operation; an error is an answer like any other. Operations that the local AWS lacks are left out."""
    meta = f.__self__.meta
    service, name = meta.service_model.service_name, meta.method_to_api_mapping[f.__name__]
    if name not in OPERATIONS[service].split():
        return {}
    asked.add((service, name))
    try:
        return f(*a, **k)
    except (ClientError, BotoCoreError) as e:
        return {"_err": str(e)}


def u(p):
    return f"{p}-{uuid.uuid4().hex[:8]}"


if len(sys.argv) < 3 or not set(sys.argv[2:]) <= set(SERVICES):
    sys.exit(f"usage: {sys.argv[0]} ENDPOINT {{{'|'.join(SERVICES)}}}...")
want = {SERVICES[short] for short in sys.argv[2:]}
if "sqs" in want:
    c = client("sqs")
    d = t(c.create_queue, QueueName=u("dlq")).get("QueueUrl")
    darn = t(c.get_queue_attributes, QueueUrl=d, AttributeNames=["QueueArn"]).get("Attributes", {}).get("QueueArn")
    q = t(c.create_queue, QueueName=u("q"), Attributes={"RedrivePolicy": json.dumps({"deadLetterTargetArn": darn, "maxReceiveCount": "3"})}).get("QueueUrl")
    t(c.list_queues); t(c.get_queue_url, QueueName=q.split("/")[-1]); t(c.get_queue_url, QueueName="nope")
    t(c.get_queue_attributes, QueueUrl=q, AttributeNames=["All"])
    t(c.send_message, QueueUrl=q, MessageBody="b", MessageAttributes={"a": {"DataType": "String", "StringValue": "x"}})
    t(c.send_message_batch, QueueUrl=q, Entries=[{"Id": "1", "MessageBody": "x"}, {"Id": "2", "MessageBody": "y"}])
    t(c.send_message_batch, QueueUrl=q, Entries=[])
    m = t(c.receive_message, QueueUrl=q, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"]).get("Messages", [])
    if len(m) > 2:
        t(c.change_message_visibility, QueueUrl=q, ReceiptHandle=m[0]["ReceiptHandle"], VisibilityTimeout=5)
        t(c.change_message_visibility_batch, QueueUrl=q, Entries=[{"Id": "1", "ReceiptHandle": m[1]["ReceiptHandle"], "VisibilityTimeout": 5}, {"Id": "2", "ReceiptHandle": "bad", "VisibilityTimeout": 5}])
        t(c.delete_message, QueueUrl=q, ReceiptHandle=m[0]["ReceiptHandle"])
        t(c.delete_message_batch, QueueUrl=q, Entries=[{"Id": "1", "ReceiptHandle": m[1]["ReceiptHandle"]}, {"Id": "2", "ReceiptHandle": "bad"}])
    t(c.delete_message, QueueUrl=q, ReceiptHandle="bad")
    t(c.list_dead_letter_source_queues, QueueUrl=d)
    h = t(c.start_message_move_task, SourceArn=darn, MaxNumberOfMessagesPerSecond=1)
    t(c.list_message_move_tasks, SourceArn=darn)
    t(c.cancel_message_move_task, TaskHandle=h.get("TaskHandle", "bad"))
    t(c.set_queue_attributes, QueueUrl=q, Attributes={"VisibilityTimeout": "5"})
    t(c.purge_queue, QueueUrl=q); t(c.delete_queue, QueueUrl=q); t(c.send_message, QueueUrl=q, MessageBody="x")
if "stepfunctions" in want:
    c = client("stepfunctions")
    d = json.dumps({"StartAt": "W", "States": {"W": {"Type": "Wait", "Seconds": 1, "Next": "P"}, "P": {"Type": "Pass", "End": True}}})
    a = t(c.create_state_machine, name=u("m"), definition=d, roleArn="arn:aws:iam::123456789012:role/r").get("stateMachineArn")
    t(c.create_state_machine, name=u("m"), definition="{}", roleArn="arn:aws:iam::123456789012:role/r")
    t(c.describe_state_machine, stateMachineArn=a); t(c.list_state_machines); t(c.describe_state_machine, stateMachineArn=str(a) + "zz")
    e = t(c.start_execution, stateMachineArn=a, name="e1", input="{}").get("executionArn")
    e2 = t(c.start_execution, stateMachineArn=a, name="e2", input="{}").get("executionArn")
    t(c.start_execution, stateMachineArn=a, name="e1", input='{"x":1}'); t(c.start_execution, stateMachineArn=a, input="{bad")
    t(c.stop_execution, executionArn=e2, error="E", cause="C"); t(c.describe_execution, executionArn=e); time.sleep(2)
    for x in (e, e2):
        t(c.describe_execution, executionArn=x); t(c.get_execution_history, executionArn=x, includeExecutionData=True)
    t(c.get_execution_history, executionArn=e, maxResults=2, reverseOrder=True)
    t(c.list_executions, stateMachineArn=a, maxResults=1); t(c.list_executions, stateMachineArn=a, statusFilter="ABORTED")
    t(c.redrive_execution, executionArn=e2); t(c.describe_execution, executionArn=e2); t(c.redrive_execution, executionArn=e)
    t(c.update_state_machine, stateMachineArn=a, roleArn="arn:aws:iam::123456789012:role/r2"); t(c.stop_execution, executionArn=str(e) + "zz")
    t(c.delete_state_machine, stateMachineArn=a)
if "dynamodb" in want:
    c = client("dynamodb"); n = u("T")
    k = lambda a, b: {"user_id": {"S": a}, "id": {"S": b}}
    t(c.create_table, TableName=n, BillingMode="PAY_PER_REQUEST", AttributeDefinitions=[{"AttributeName": x, "AttributeType": "S"} for x in ("user_id", "id", "day")], KeySchema=[{"AttributeName": "user_id", "KeyType": "HASH"}, {"AttributeName": "id", "KeyType": "RANGE"}],
      GlobalSecondaryIndexes=[{"IndexName": "by-day", "KeySchema": [{"AttributeName": "day", "KeyType": "HASH"}], "Projection": {"ProjectionType": "KEYS_ONLY"}}])
    time.sleep(1); t(c.describe_table, TableName=n); t(c.describe_table, TableName="nope"); t(c.list_tables)
    t(c.put_item, TableName=n, Item={**k("u", "1"), "day": {"S": "d"}, "n": {"N": "1"}, "l": {"L": [{"BOOL": True}]}}, ReturnValues="ALL_OLD")
    t(c.put_item, TableName=n, Item=k("u", "1"), ConditionExpression="attribute_not_exists(id)"); t(c.put_item, TableName=n, Item={"user_id": {"S": "x"}})
    t(c.get_item, TableName=n, Key=k("u", "1")); t(c.get_item, TableName=n, Key=k("u", "2"))
    t(c.query, TableName=n, KeyConditionExpression="user_id = :u", ExpressionAttributeValues={":u": {"S": "u"}}); t(c.query, TableName=n, KeyConditionExpression="#u = :u", ExpressionAttributeNames={"#u": "user_id"}, ExpressionAttributeValues={":u": {"S": "u"}}, Limit=1, ReturnConsumedCapacity="TOTAL")
    t(c.query, TableName=n, IndexName="by-day", KeyConditionExpression="#d = :d", ExpressionAttributeNames={"#d": "day"}, ExpressionAttributeValues={":d": {"S": "d"}}, Limit=1)
    t(c.query, TableName=n, KeyConditionExpression="bad = :u", ExpressionAttributeValues={":u": {"S": "u"}}); t(c.scan, TableName=n)
    t(c.update_item, TableName=n, Key=k("u", "1"), UpdateExpression="SET n = :o", ReturnValues="ALL_OLD", ExpressionAttributeValues={":o": {"N": "1"}}); t(c.batch_get_item, RequestItems={n: {"Keys": [k("u", "1")]}})
    t(c.delete_table, TableName=n)
if "sns" in want:
    c = client("sns"); a = t(c.create_topic, Name=u("t")).get("TopicArn")
    t(c.list_topics); t(c.subscribe, TopicArn=a, Protocol="email", Endpoint="a@example.com"); t(c.subscribe, TopicArn=a, Protocol="sms", Endpoint="1"); t(c.get_topic_attributes, TopicArn=a)
    t(c.publish, TopicArn=a, Message="m", Subject="s"); t(c.publish, TopicArn=str(a) + "zz", Message="m")
    t(c.publish_batch, TopicArn=a, PublishBatchRequestEntries=[{"Id": "1", "Message": "m"}]); t(c.delete_topic, TopicArn=a)
if "cloudformation" in want:
    c = client("cloudformation")
    n = (t(c.describe_stacks).get("Stacks") or [{"StackName": "none"}])[0]["StackName"]
    t(c.describe_stacks, StackName=n); t(c.describe_stacks, StackName="nope"); t(c.describe_stack_resources, StackName=n)
if "sts" in want:
    t(client("sts").get_caller_identity)

for service in want:
    for name in set(OPERATIONS[service].split()) - {n for s, n in asked if s == service}:
        findings.append((service, name, "was never asked for, so it was not judged"))

seen = {}
for f in findings:
    seen[f] = seen.get(f, 0) + 1
for (s, o, m), n in sorted(seen.items()):
    print(f"{s}.{o}: {m}" + (f" (x{n})" if n > 1 else ""))
print(f"{calls} responses of {len(asked)} operations checked, {len(seen)} findings")
sys.exit(bool(seen))
