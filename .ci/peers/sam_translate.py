"""sam_translate.py template.yaml > plain CloudFormation JSON, offline: no call of AWS, no bucket.

Local code becomes a placeholder and the local definition becomes inline, as an upload would make them S3 objects.
"""
import json
import logging
import os
import re
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
logging.getLogger("samtranslator").setLevel(logging.ERROR)
from samtranslator.parser.parser import Parser  # noqa: F401 (transform needs it to be imported first)
from samtranslator.public.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse


class Policies:
    """Instead of ManagedPolicyLoader, which would call IAM."""

    def load(self):
        return {}


def main(path):
    base = os.path.dirname(os.path.abspath(path))
    with open(path) as file:
        document = yaml_parse(file.read())
    for resource in document["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Serverless::Function":
            properties["CodeUri"] = "s3://bucket/functions.zip"
        if resource["Type"] == "AWS::Serverless::StateMachine":
            with open(os.path.join(base, properties.pop("DefinitionUri"))) as file:
                # Numbers are substituted without quotes, which JSON does not know.
                properties["Definition"] = json.loads(re.sub(r": \$\{(\w+)\}", ": 1", file.read()))
    try:
        translated = transform(document, {}, Policies())
    except InvalidDocumentException as problem:
        print(problem.message, *(cause.message for cause in problem.causes), sep="\n  ", file=sys.stderr)
        return 1
    print(json.dumps(translated, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
