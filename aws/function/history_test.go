package function_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/google/go-cmp/cmp"

	"orderops/aws/execution"
	"orderops/workflow"
)

// steps reads an order's history as the dashboard does: "State STATUS seconds".
func (s *system) steps(t *testing.T, id string) []string {
	t.Helper()
	client := execution.New(s.config, machineARN)
	arn := workflow.ExecutionARN(*s.execution(t, id).ExecutionArn)
	e, err := client.Describe(t.Context(), arn)
	if err != nil {
		t.Fatal(err)
	}
	events, err := client.History(t.Context(), arn, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, step := range workflow.Steps(events, e.Status) {
		line := fmt.Sprintf("%s %s", step.State, step.Status)
		if d := step.Exited.Sub(step.Entered); d > 0 {
			line += " " + d.Round(time.Second).String()
		}
		if step.Retries > 0 {
			line += fmt.Sprintf(" retries %d", step.Retries)
		}
		list = append(list, strings.TrimSpace(line+" "+step.Error))
	}
	return list
}

func TestStepsOfAnOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake()
		s := newSystem(t, nil)
		defer s.cloud.Close()
		id := s.send(t, body)
		time.Sleep(10 * time.Second)
		begun := []string{"SaveOrder DONE", "ProcessPayment DONE", "Wait30Seconds RUNNING"}
		if diff := cmp.Diff(begun, s.steps(t, id)); diff != "" {
			t.Error(diff)
		}
		events, err := execution.New(s.config, machineARN).Newest(t.Context(), workflow.ExecutionARN(*s.execution(t, id).ExecutionArn), 2)
		if err != nil {
			t.Fatal(err)
		}
		if state, kind, _, ok := workflow.CurrentState(events); state != "Wait30Seconds" || kind != "Wait" || !ok {
			t.Errorf("the current state is %q of kind %q", state, kind)
		}
		time.Sleep(time.Minute)
		done := []string{"SaveOrder DONE", "ProcessPayment DONE", "Wait30Seconds DONE 30s", "PaymentChoice DONE", "SendOrderToRestaurant DONE", "RestaurantChoice DONE", "OrderSuccess DONE"}
		if diff := cmp.Diff(done, s.steps(t, id)); diff != "" {
			t.Error(diff)
		}
	})
}

// A technical failure ends the execution where it happened; once its cause is
// gone, a redrive goes on from there.
func TestStepsOfARedrivenOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake()
		s := newSystem(t, nil)
		defer s.cloud.Close()
		tables := dynamodb.NewFromConfig(s.config)
		described, err := tables.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: new(tableName)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tables.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: new(tableName)}); err != nil {
			t.Fatal(err)
		}
		id := s.send(t, body)
		time.Sleep(10 * time.Second)
		broken := []string{"SaveOrder FAILED CallError"}
		if diff := cmp.Diff(broken, s.steps(t, id)); diff != "" {
			t.Fatal(diff)
		}
		if cause := *s.execution(t, id).Cause; !strings.Contains(cause, "dynamodb:PutItem on order-table: ResourceNotFoundException") {
			t.Errorf("the cause is %s", cause)
		}
		if _, err := tables.CreateTable(t.Context(), &dynamodb.CreateTableInput{
			TableName: new(tableName), KeySchema: described.Table.KeySchema,
			AttributeDefinitions: slices.DeleteFunc(described.Table.AttributeDefinitions, func(a types.AttributeDefinition) bool {
				return !slices.ContainsFunc(described.Table.KeySchema, func(k types.KeySchemaElement) bool { return *k.AttributeName == *a.AttributeName })
			}),
			BillingMode: "PAY_PER_REQUEST",
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := sfn.NewFromConfig(s.config).RedriveExecution(t.Context(), &sfn.RedriveExecutionInput{ExecutionArn: s.execution(t, id).ExecutionArn}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		want := []string{
			"SaveOrder FAILED CallError",
			"SaveOrder DONE", "ProcessPayment DONE", "Wait30Seconds DONE 30s", "PaymentChoice DONE", "SendOrderToRestaurant DONE", "RestaurantChoice DONE", "OrderSuccess DONE",
		}
		if diff := cmp.Diff(want, s.steps(t, id)); diff != "" {
			t.Error(diff)
		}
		if got := s.row(t, "Burger_20", id)["order_status"]; got != "SUCCESS" {
			t.Errorf("the row is %q", got)
		}
	})
}
