package local_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/local"
)

// deploy deploys resources given in flow style.
func deploy(cloud *local.Cloud, resources ...string) error {
	return cloud.Deploy(local.Deployment{
		Stack:    "s",
		Template: []byte("Resources:\n  " + strings.Join(resources, "\n  ") + "\n"),
		Files:    func(string) ([]byte, error) { return nil, fs.ErrNotExist },
	})
}

func TestDeployMakesQueues(t *testing.T) {
	t.Parallel()
	cloud, config := open(t, local.Options{})
	err := deploy(cloud,
		`Q: {Type: "AWS::SQS::Queue", Properties: {QueueName: q, VisibilityTimeout: 7, RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn, maxReceiveCount: 4}}}`,
		`D: {Type: "AWS::SQS::Queue"}`,
	)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := sqs.NewFromConfig(config).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: awssdk.String(cloud.URL() + "/000000000000/q"), AttributeNames: []sqstypes.QueueAttributeName{"All"},
	})
	if err != nil {
		t.Fatal(err)
	}
	policy := answer.Attributes["RedrivePolicy"]
	if answer.Attributes["VisibilityTimeout"] != "7" || !strings.Contains(policy, "arn:aws:sqs:us-east-1:000000000000:s-D-") ||
		!strings.Contains(policy, `"maxReceiveCount":4`) {
		t.Errorf("attributes %v", answer.Attributes)
	}
}

func TestDeployRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, resource, says string
	}{
		{"type", `R: {Type: "AWS::EC2::Instance"}`, "line 2: R: the local AWS does not know resources of type AWS::EC2::Instance"},
		{"property", `R: {Type: "AWS::SQS::Queue", Properties: {FifoQueue: true}}`, "line 2: R: UnsupportedOperation: The local AWS has no FIFO queues."},
		{"reference", `R: {Type: "AWS::SQS::Queue", Properties: {QueueName: !Ref N}}`, `line 2: there is no parameter or resource "N"`},
		{"circle", `R: {Type: "AWS::SQS::Queue", Properties: {QueueName: !Ref R}}`, "in a circle"},
		{"queue attribute", `R: {Type: "AWS::SQS::Queue", Properties: {VisibilityTimeout: 50000}}`, "line 2: R: "},
		{"unknown property", `R: {Type: "AWS::SNS::Topic", Properties: {Subscription: [{Protocol: email}]}}`, `line 2: the local AWS does not know "Subscription"`},
		{"another type", `R: {Type: "AWS::Logs::LogGroup", Properties: {RetentionInDays: many}}`, "line 2: RetentionInDays can't be of JSON's type string"},
		{"protocol", `R: {Type: "AWS::SNS::Subscription", Properties: {Protocol: sms, Endpoint: a}}`, `delivers to email only, not to "sms"`},
		{"subscription without properties", `R: {Type: "AWS::SNS::Subscription"}`, "email only"},
		{"billing", `R: {Type: "AWS::DynamoDB::Table"}`, "line 2: R: ValidationException: A BillingMode other than PAY_PER_REQUEST"},
		{
			"key without definition", `R: {Type: "AWS::DynamoDB::Table", Properties: {BillingMode: PAY_PER_REQUEST, KeySchema: [{AttributeName: a, KeyType: HASH}]}}`,
			"AttributeDefinitions have the type S or N. Key: a",
		},
		{"function without code", `R: {Type: "AWS::Serverless::Function", Properties: {FunctionName: f}}`, "no code is given for the function f"},
		{"definition", `R: {Type: "AWS::Serverless::StateMachine", Properties: {DefinitionUri: a.json}}`, "read the definition a.json: file does not exist"},
		{"API without definition", `R: {Type: "AWS::Serverless::Api", Properties: {StageName: y}}`, "needs a StageName and a DefinitionBody"},
		{
			"API of another kind", `R: {Type: "AWS::Serverless::Api", Properties: {StageName: y, DefinitionBody: {paths: {/x: {post: {x-amazon-apigateway-integration: {type: http}}}}}}}`,
			"POST /x: the local AWS has integrations of type aws",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cloud, _ := open(t, local.Options{})
			err := deploy(cloud, test.resource)
			if err == nil || !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %v, want %q", err, test.says)
			}
		})
	}
}

func TestDeployTwice(t *testing.T) {
	t.Parallel()
	cloud, _ := open(t, local.Options{})
	if err := deploy(cloud, `R: {Type: "AWS::IAM::Role"}`); err != nil {
		t.Fatal(err)
	}
	if err := deploy(cloud, `R: {Type: "AWS::IAM::Role"}`); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("error %v", err)
	}
}

func TestDeployHandsOverTheEnvironment(t *testing.T) {
	t.Parallel()
	cloud, _ := open(t, local.Options{})
	var got local.Function
	refusal := errors.New("no such code")
	err := cloud.Deploy(local.Deployment{
		Stack: "s",
		Template: []byte(`
Parameters: {Rate: {Type: Number, Default: 0.1}}
Resources:
  T: {Type: "AWS::SNS::Topic", Properties: {TopicName: t}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: f
      Handler: main
      Timeout: 9
      Environment:
        Variables: {TOPIC: !Ref T, RATE: !Ref Rate}
`),
		Parameters: map[string]string{"Rate": "0.5"},
		Functions: func(f local.Function) (local.Handler, error) {
			got = f
			return nil, refusal
		},
	})
	if !errors.Is(err, refusal) {
		t.Errorf("error %v", err)
	}
	if got.Name != "f" || got.Handler != "main" || got.Timeout.Seconds() != 9 ||
		got.Environment["TOPIC"] != "arn:aws:sns:us-east-1:000000000000:t" || got.Environment["RATE"] != "0.5" {
		t.Errorf("function %+v", got)
	}
}
