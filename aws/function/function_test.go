package function_test

import (
	"errors"
	"strings"
	"testing"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"

	"orderops/aws/function"
	"orderops/workflow"
	"orderops/workflow/handler"
)

func TestHandlerNamesTheVariableAtFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind        string
		environment map[string]string
		want        string // "" means that the function is made
	}{
		"consumer":            {"consumer", map[string]string{"STATE_MACHINE_ARN": machineARN}, ""},
		"save":                {"save", map[string]string{"TABLE_NAME": tableName, "TOPIC_ARN": topicARN}, ""},
		"payment":             {"payment", map[string]string{"PAYMENT_FAILURE_RATE": "0.25", "RANDOM_SEED": "any"}, ""},
		"restaurant, default": {"restaurant", nil, ""},
		"no machine":          {"consumer", nil, "STATE_MACHINE_ARN is not set"},
		"odd machine":         {"consumer", map[string]string{"STATE_MACHINE_ARN": topicARN}, "STATE_MACHINE_ARN is"},
		"no table":            {"save", map[string]string{"TOPIC_ARN": topicARN}, "TABLE_NAME is not set"},
		"no topic":            {"save", map[string]string{"TABLE_NAME": tableName}, "TOPIC_ARN is not set"},
		"rate in words":       {"payment", map[string]string{"PAYMENT_FAILURE_RATE": "half"}, "PAYMENT_FAILURE_RATE is"},
		"rate above 1":        {"restaurant", map[string]string{"RESTAURANT_FAILURE_RATE": "1.5"}, "RESTAURANT_FAILURE_RATE"},
		"rate that is none":   {"payment", map[string]string{"PAYMENT_FAILURE_RATE": "NaN"}, "PAYMENT_FAILURE_RATE"},
		"unknown kind":        {"cook", nil, "there is no function of this kind"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := function.Handler(c.kind, awssdk.Config{Region: "us-east-1"}, c.environment)
			if c.want == "" {
				if err != nil || f == nil {
					t.Errorf("error is %v", err)
				}
				return
			}
			if workflow.KindOf(err) != workflow.Invalid || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
		})
	}
}

// An error goes to Lambda by its type's name, so the type is part of what an
// operator sees.
func TestFunctionsRefuseWhatIsNoEvent(t *testing.T) {
	t.Parallel()
	environment := map[string]string{"STATE_MACHINE_ARN": machineARN, "TABLE_NAME": tableName, "TOPIC_ARN": topicARN}
	for _, kind := range []string{function.Consumer, function.Save, function.Payment, function.Restaurant} {
		f, err := function.Handler(kind, awssdk.Config{Region: "us-east-1"}, environment)
		if err != nil {
			t.Fatal(err)
		}
		for _, payload := range []string{``, `[]`, `"\ud800"`} {
			_, err := f(t.Context(), []byte(payload))
			if _, ok := errors.AsType[*handler.EventError](err); !ok {
				t.Errorf("%s: %q gives %v, want an EventError", kind, payload, err)
			}
		}
	}
}
