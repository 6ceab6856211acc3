package aws_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/config"
	"orderops/workflow"
)

const (
	queueURL   = "http://127.0.0.1:4566/000000000000/OrderQueue"
	deadURL    = "http://127.0.0.1:4566/000000000000/OrderDeathLetterQueue"
	machineARN = "arn:aws:states:us-east-1:000000000000:stateMachine:OrderStateMachine"
	topicARN   = "arn:aws:sns:us-east-1:000000000000:Order-sns-topic"
)

func deployment() workflow.Deployment {
	return workflow.Deployment{
		Stack: "shop", Account: "000000000000", Region: "us-east-1",
		QueueURL: queueURL, DeadLetterURL: deadURL, StateMachineARN: machineARN, Table: "order-table",
		TopicARN: topicARN, APIURL: "https://example.com/Dev/orders",
	}
}

func TestDiscoveryFinds(t *testing.T) {
	t.Parallel()
	byFlags := func(s *config.Settings) {
		s.QueueURL, s.StateMachineARN, s.Table = queueURL, machineARN, "order-table"
	}
	tests := []struct {
		name     string
		outputs  []string
		settings func(*config.Settings)
		want     func(*workflow.Deployment)
		// describes is how often the stacks are read.
		describes int
	}{
		{name: "the only stack", outputs: whole(), describes: 1},
		{name: "the named stack", outputs: whole(), settings: func(s *config.Settings) { s.Stack = "shop" }, describes: 1},
		{
			name: "the dead-letter queue by the redrive policy", outputs: without("OrderDLQueueUrl"), describes: 1,
		},
		{
			name: "a flag before the output", outputs: whole(), describes: 1,
			settings: func(s *config.Settings) { s.Table = "other-table" },
			want:     func(d *workflow.Deployment) { d.Table = "other-table" },
		},
		{
			name: "a flag for the missing output", outputs: without("DynamoDBTableName"), describes: 1,
			settings: func(s *config.Settings) { s.Table = "order-table" },
		},
		{
			name: "no topic", outputs: without("OrderSnsTopicArn"), describes: 1,
			want: func(d *workflow.Deployment) { d.TopicARN = "" },
		},
		{
			name: "flags alone, without reading stacks", settings: byFlags, describes: 0,
			want: func(d *workflow.Deployment) { d.Stack, d.TopicARN, d.APIURL = "", "", "" },
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(b *bench) {
				b.deploy("shop", tt.outputs)
				b.deployTemplate("network", "Resources: {Other: {Type: AWS::SNS::Topic}}\nOutputs: {Vpc: {Value: vpc-1}}")
				settings, want := inRegion(), deployment()
				if tt.settings != nil {
					tt.settings(&settings)
				}
				if tt.want != nil {
					tt.want(&want)
				}
				if diff := cmp.Diff(want, b.session(settings).Deployment); diff != "" {
					b.Errorf("deployment (-want +got):\n%s", diff)
				}
				if n := b.onWire("cloudformation:DescribeStacks"); n != tt.describes {
					b.Errorf("read the stacks %d times, want %d", n, tt.describes)
				}
			})
		})
	}
}

func TestDiscoverySaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		deploy   func(*bench)
		settings func(*config.Settings)
		kind     workflow.ProblemKind
		reason   []string
		next     []string
	}{
		{
			name: "no stack at all", deploy: func(*bench) {}, kind: workflow.NotFound,
			reason: []string{"OrderQueueUrl", "OrderStateMachineArn", "0 stacks", "found none"},
			next:   []string{"--region", "--stack", "--queue-url", "--state-machine", "--table"},
		},
		{
			name: "half a stack", kind: workflow.NotFound,
			deploy: func(b *bench) { b.deploy("half", without("OrderStateMachineArn")) },
			reason: []string{"1 stack ", "the stack half has OrderQueueUrl but not OrderStateMachineArn"},
		},
		{
			name: "several stacks", kind: workflow.NotFound,
			deploy: func(b *bench) {
				b.deploy("one", whole())
				b.deployTemplate("two", "Resources: {Other: {Type: AWS::SNS::Topic}}\n"+
					"Outputs: {OrderQueueUrl: {Value: q}, OrderStateMachineArn: {Value: m}}")
			},
			reason: []string{"2 stacks look like the order system", "one", "two"},
			next:   []string{"--stack"},
		},
		{
			name: "a stack that is not there", kind: workflow.NotFound,
			deploy:   func(b *bench) { b.deploy("shop", whole()) },
			settings: func(s *config.Settings) { s.Stack = "shpo" },
			reason:   []string{"there is no stack named shpo"},
			next:     []string{"--stack"},
		},
		{
			name: "a named stack with missing outputs", kind: workflow.NotFound,
			deploy:   func(b *bench) { b.deploy("shop", without("OrderStateMachineArn", "DynamoDBTableName")) },
			settings: func(s *config.Settings) { s.Stack = "shop" },
			reason:   []string{"the stack shop has no output OrderStateMachineArn, DynamoDBTableName"},
			next:     []string{"--state-machine, --table"},
		},
		{
			name: "no dead-letter queue", kind: workflow.NotFound,
			deploy: func(b *bench) {
				b.deployTemplate("shop", "Resources: {Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: OrderQueue}}}\n"+
					"Outputs: {OrderQueueUrl: {Value: !Ref Queue}, OrderStateMachineArn: {Value: m}, DynamoDBTableName: {Value: t}}")
			},
			reason: []string{"OrderDLQueueUrl (and the order queue has no redrive policy)"},
			next:   []string{"--dlq-url"},
		},
		{
			name: "no permission to read stacks", kind: workflow.Forbidden,
			deploy: func(b *bench) {
				b.fault = func(_ context.Context, call local.Call) *wire.Error {
					if call.Operation != "DescribeStacks" {
						return nil
					}
					return call.Denied("arn:aws:cloudformation:us-east-1:000000000000:stack/*/*")
				}
			},
			reason: []string{"cloudformation:DescribeStacks on arn:aws:cloudformation:us-east-1:000000000000:stack/*/*"},
			next:   []string{"Ask for cloudformation:DescribeStacks", "--queue-url"},
		},
		{
			name: "a wrong setting", deploy: func(*bench) {}, kind: workflow.Invalid,
			settings: func(s *config.Settings) { s.QueueURL = "OrderQueue" },
			reason:   []string{"is no http or https URL"},
		},
		{
			name: "no region", deploy: func(*bench) {}, kind: workflow.Invalid,
			settings: func(s *config.Settings) { s.Region = "" },
			reason:   []string{"no region is configured"}, next: []string{"--region"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(b *bench) {
				tt.deploy(b)
				settings := inRegion()
				if tt.settings != nil {
					tt.settings(&settings)
				}
				_, err := b.connect(settings)
				p := problem(b.T, err)
				if p.Kind != tt.kind {
					b.Errorf("got kind %v, want %v", p.Kind, tt.kind)
				}
				for _, want := range tt.reason {
					if !strings.Contains(p.Reason, want) {
						b.Errorf("got reason %q, want it to say %q", p.Reason, want)
					}
				}
				for _, want := range tt.next {
					if !strings.Contains(p.Next, want) {
						b.Errorf("got next %q, want it to say %q", p.Next, want)
					}
				}
			})
		})
	}
}

func TestLocalNeedsNoRegion(t *testing.T) {
	t.Parallel()
	inBubble(t, func(b *bench) {
		b.deploy("shop", whole())
		settings := config.Default()
		settings.Local = true
		s := b.session(settings)
		if s.Deployment.Region != "us-east-1" || s.Identity == "" {
			b.Errorf("got region %q and identity %q", s.Deployment.Region, s.Identity)
		}
	})
}
