package topic_test

import (
	"testing"
	"testing/synctest"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws/local"
	"orderops/aws/topic"
	"orderops/workflow"
)

const arn = "arn:aws:sns:us-east-1:000000000000:Order-sns-topic"

func TestDescribe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := local.New(local.Options{})
		defer cloud.Close()
		const template = "Resources:\n  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: Order-sns-topic}}\n" +
			"  Mail: {Type: AWS::SNS::Subscription, Properties: {Protocol: email, Endpoint: ops@example.com, TopicArn: !Ref Topic}}\n"
		if err := cloud.Deploy(local.Deployment{Stack: "shop", Template: []byte(template)}); err != nil {
			t.Fatal(err)
		}
		client := topic.New(awssdk.Config{
			Region: "us-east-1", HTTPClient: cloud.HTTPClient(),
			Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		})
		got, err := client.Describe(t.Context(), arn)
		if err != nil || got.ARN != arn || got.Confirmed+got.Pending != 1 {
			t.Errorf("got %+v, %v; want one subscription", got, err)
		}
		if _, err := client.Describe(t.Context(), arn+"-2"); workflow.KindOf(err) != workflow.BrokenCall || err == nil {
			t.Errorf("got %v for a topic that does not exist", err)
		}
	})
}
