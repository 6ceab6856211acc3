package deploy_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orderops/aws/local"
)

// TestRoles wants every role to have exactly what it needs. A resource is "*"
// only where the service knows no narrower one.
func TestRoles(t *testing.T) {
	t.Parallel()
	s := start(t, local.Options{}, nil)
	const (
		at      = ":us-east-1:000000000000:"
		sqs     = "arn:aws:sqs" + at
		states  = "arn:aws:states" + at
		logs    = "arn:aws:logs" + at + "log-group:/aws/lambda/"
		lambda  = "arn:aws:lambda" + at + "function:"
		table   = "arn:aws:dynamodb" + at + "table/order-table"
		machine = states + "stateMachine:OrderStateMachine"
	)
	want := map[string][]string{
		"OrderApiRole": {"sqs:SendMessage " + sqs + "OrderQueue"},
		"ConsumerRole": {
			"sqs:ReceiveMessage " + sqs + "OrderQueue", "sqs:DeleteMessage " + sqs + "OrderQueue", "sqs:GetQueueAttributes " + sqs + "OrderQueue",
			"states:StartExecution " + machine, "states:DescribeExecution " + states + "execution:OrderStateMachine:*",
			"logs:CreateLogStream " + logs + "OrderConsumer:*", "logs:PutLogEvents " + logs + "OrderConsumer:*",
		},
		"SaveRole": {
			"dynamodb:PutItem " + table, "dynamodb:UpdateItem " + table, "sns:Publish arn:aws:sns" + at + "Order-sns-topic",
			"logs:CreateLogStream " + logs + "OrderSave:*", "logs:PutLogEvents " + logs + "OrderSave:*",
		},
		"PaymentRole":    {"logs:CreateLogStream " + logs + "OrderPayment:*", "logs:PutLogEvents " + logs + "OrderPayment:*"},
		"RestaurantRole": {"logs:CreateLogStream " + logs + "OrderRestaurant:*", "logs:PutLogEvents " + logs + "OrderRestaurant:*"},
		"OrderStateMachineRole": {
			"lambda:InvokeFunction " + lambda + "OrderSave", "lambda:InvokeFunction " + lambda + "OrderPayment", "lambda:InvokeFunction " + lambda + "OrderRestaurant",
			"logs:CreateLogDelivery *", "logs:GetLogDelivery *", "logs:UpdateLogDelivery *", "logs:DeleteLogDelivery *", "logs:ListLogDeliveries *",
			"logs:PutResourcePolicy *", "logs:DescribeResourcePolicies *", "logs:DescribeLogGroups *",
			"xray:PutTraceSegments *", "xray:PutTelemetryRecords *", "xray:GetSamplingRules *", "xray:GetSamplingTargets *",
		},
	}
	got := map[string][]string{}
	for name, documents := range s.cloud.Roles() {
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "order-system-"), "-")
		for _, document := range documents {
			got[name] = append(got[name], permissions(t, document)...)
		}
	}
	for _, lists := range []map[string][]string{want, got} {
		for name := range lists {
			slices.Sort(lists[name])
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("permissions (-want +got):\n%s", diff)
	}
}

// permissions are a document's, one action and one resource each.
func permissions(t *testing.T, document []byte) (all []string) {
	t.Helper()
	var policy struct {
		Statement []struct {
			Effect           string
			Action, Resource any
		}
	}
	if err := json.Unmarshal(document, &policy); err != nil {
		t.Fatal(err)
	}
	list := func(value any) []any {
		if many, ok := value.([]any); ok {
			return many
		}
		return []any{value}
	}
	for _, s := range policy.Statement {
		if s.Effect != "Allow" {
			t.Errorf("effect %s", s.Effect)
		}
		for _, action := range list(s.Action) {
			for _, resource := range list(s.Resource) {
				all = append(all, fmt.Sprint(action, " ", resource))
			}
		}
	}
	return all
}
