package deploy_test

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/aws/deploy"
)

// plays runs a small day of the order system and tells what did not go as it
// must: an order by the API to its row, its mail and its log, the same order
// delivered again when it was done, and an order that nobody can read.
func (s *system) plays(t *testing.T) error {
	t.Helper()
	if err := s.complete(t); err != nil {
		return err
	}
	if answer := s.post(t, "application/json", jsonOf(`"u"`, `"0"`, `"r"`)); answer.status != http.StatusBadRequest {
		return fmt.Errorf("the API answers %d to nonsense", answer.status)
	}
	answer := s.post(t, "application/json", jsonOf(`"u"`, `"3"`, `"r"`))
	if answer.status != http.StatusCreated {
		return fmt.Errorf("the API answers %d", answer.status)
	}
	time.Sleep(30 * time.Second)
	if status := s.row(t, "u", answer.id)["order_status"]; status != "SUCCESS" {
		return fmt.Errorf("the row is %q", status)
	}
	if mails := s.cloud.Mail(); len(mails) != 1 || mails[0].Body != "Order status: SUCCESS" {
		return fmt.Errorf("mails %+v", mails)
	}
	events, err := cloudwatchlogs.NewFromConfig(s.config).FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: awssdk.String(s.outputs["OrderStateMachineLogGroup"]), FilterPattern: awssdk.String(`"ExecutionSucceeded"`),
	})
	if err != nil || len(events.Events) != 1 {
		return fmt.Errorf("the log tells %+v, %w", events, err)
	}
	client := sqs.NewFromConfig(s.config)
	for _, m := range []*sqs.SendMessageInput{
		{MessageBody: awssdk.String(order), MessageAttributes: map[string]sqstypes.MessageAttributeValue{
			"order_id": {DataType: awssdk.String("String"), StringValue: &answer.id},
		}},
		{MessageBody: awssdk.String("poison")},
	} {
		m.QueueUrl = awssdk.String(s.outputs["OrderQueueUrl"])
		if _, err := client.SendMessage(t.Context(), m); err != nil {
			return err
		}
	}
	time.Sleep(10 * time.Minute)
	dead, err := client.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: awssdk.String(s.outputs["OrderDLQueueUrl"]), MaxNumberOfMessages: 10,
	})
	if err != nil {
		return err
	}
	if len(dead.Messages) != 1 || *dead.Messages[0].Body != "poison" {
		return fmt.Errorf("dead letters %+v", dead.Messages)
	}
	return nil
}

// complete compares the stack with what DESIGN promises of it.
func (s *system) complete(t *testing.T) error {
	t.Helper()
	for _, name := range []string{
		"OrderQueueUrl", "OrderDLQueueUrl", "OrderStateMachineArn", "DynamoDBTableName", "OrderSnsTopicArn", "ApiGatewayInvokeURL",
		"OrderStateMachineLogGroup", "Warning",
	} {
		if s.outputs[name] == "" {
			return errors.New("there is no output " + name)
		}
	}
	answer, err := cloudformation.NewFromConfig(s.config).DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{
		StackName: awssdk.String(deploy.StackName),
	})
	if err != nil {
		return err
	}
	alarms := 0
	for _, r := range answer.StackResources {
		if *r.ResourceType == "AWS::CloudWatch::Alarm" && r.ResourceStatus == cftypes.ResourceStatusCreateComplete {
			alarms++
		}
	}
	if alarms != 3 {
		return fmt.Errorf("%d alarms", alarms)
	}
	return nil
}

func TestTheTemplatePlays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := plan{template: deploy.Template(), parameters: small()}.start(t)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.plays(t); err != nil {
			t.Error(err)
		}
	})
}

func small() map[string]string { return map[string]string{"WaitSeconds": "1"} }

// TestNothingCanBeLeftOut removes one thing after another from the template, and
// wants each to be missed: by the deployment, or by what plays on it.
func TestNothingCanBeLeftOut(t *testing.T) {
	t.Parallel()
	text := string(deploy.Template())
	for name, changed := range mutations(t, text) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, err := startChanged(t, changed, small())
				if err != nil {
					return
				}
				if s.plays(t) == nil {
					t.Errorf("nobody misses %s", name)
				}
			})
		})
	}
}

// mutations are the templates in which one thing is missing, by its name.
func mutations(t *testing.T, text string) map[string]string {
	t.Helper()
	changed := map[string]string{}
	remove := func(name, block string) { changed["without "+name] = strings.Replace(text, block, "", 1) }
	_, resources, _ := strings.Cut(text, "\nResources:\n")
	resources, outputs, _ := strings.Cut(resources, "\nOutputs:\n")
	blocks := regexp.MustCompile(`(?m)^  (\w+):\n(?:(?:    .*)?\n)+`)
	for _, block := range blocks.FindAllStringSubmatch(resources+"\n", -1) {
		remove("resource "+block[1], block[0])
		if strings.Contains(block[0], "Type: AWS::IAM::Role") {
			for _, action := range regexp.MustCompile(`\b(sqs|states|dynamodb|sns|lambda|logs):\w+`).FindAllString(block[0], -1) {
				if strings.HasSuffix(action, "CreateLogStream") || strings.HasSuffix(action, "PutLogEvents") {
					continue // functions write no logs here; TestRoles knows of them
				}
				less := strings.Replace(block[0], action, "sqs:Nothing", 1)
				changed["without "+block[1]+" may "+action] = strings.Replace(text, block[0], less, 1)
			}
		}
	}
	for _, block := range blocks.FindAllStringSubmatch(outputs, -1) {
		remove("output "+block[1], block[0])
	}
	if at := strings.Index(text, "      Events:\n"); at > 0 {
		end := strings.Index(text[at:], "\n\n")
		remove("the event source", text[at:at+end+1])
	}
	for _, line := range []string{
		"            FunctionResponseTypes: [ReportBatchItemFailures]\n",
		"        maxReceiveCount: !Ref MaxReceiveCount\n",
		"      Endpoint: !Ref NotificationEmail\n",
		"              x-amazon-apigateway-request-validator: body\n",
	} {
		remove(strings.TrimSpace(line), line)
	}
	var unchanged []string
	for name, other := range changed {
		if other == text {
			unchanged = append(unchanged, name)
		}
	}
	if len(changed) < 50 || len(unchanged) > 0 {
		t.Fatalf("%d mutations, of which change nothing: %q", len(changed), slices.Sorted(slices.Values(unchanged)))
	}
	return changed
}
