package definition_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow/definition"
)

// deployed is the order definition as a deployment makes it.
func deployed() []byte {
	return []byte(strings.NewReplacer(
		"${SaveFunctionArn}", "arn:aws:lambda:us-east-1:123456789012:function:Save",
		"${PaymentFunctionArn}", "arn:aws:lambda:us-east-1:123456789012:function:Pay",
		"${RestaurantFunctionArn}", "arn:aws:lambda:us-east-1:123456789012:function:Send",
		"${WaitSeconds}", "30",
	).Replace(string(definition.Order())))
}

func TestOrderIsTheContract(t *testing.T) {
	t.Parallel()
	m, err := definition.Parse(deployed())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range m.States {
		line := s.Type + " " + s.Name
		for _, e := range s.Edges {
			line += " " + string(e.Kind) + ":" + e.To
		}
		if s.End {
			line += " end"
		}
		got = append(got, line)
	}
	want := []string{
		"Task SaveOrder next:ProcessPayment",
		"Task ProcessPayment next:Wait30Seconds",
		"Wait Wait30Seconds next:PaymentChoice",
		"Choice PaymentChoice choice:SendOrderToRestaurant default:PaymentFailure",
		"Task SendOrderToRestaurant next:RestaurantChoice",
		"Task PaymentFailure end",
		"Choice RestaurantChoice choice:OrderSuccess default:RestaurantFailure",
		"Task OrderSuccess end",
		"Task RestaurantFailure end",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if wait, _ := m.State("Wait30Seconds"); wait.WaitSeconds != 30 {
		t.Errorf("waits %v s, want 30", wait.WaitSeconds)
	}
}

// A failure of Lambda's own is retried, and nothing is caught: a technical
// failure ends the execution at the broken step, where a redrive resumes it.
func TestOrderTasksRetryAndDoNotCatch(t *testing.T) {
	t.Parallel()
	var machine struct {
		States map[string]struct {
			Type           string
			TimeoutSeconds int
			Catch          json.RawMessage
			Retry          []struct {
				ErrorEquals    []string
				JitterStrategy string
			}
		}
	}
	if err := json.Unmarshal(deployed(), &machine); err != nil {
		t.Fatal(err)
	}
	for name, s := range machine.States {
		if s.Type != "Task" {
			continue
		}
		if s.TimeoutSeconds == 0 || s.Catch != nil || len(s.Retry) != 1 || s.Retry[0].JitterStrategy != "FULL" {
			t.Errorf("%s has time-out %d, %d retriers and catches %s", name, s.TimeoutSeconds, len(s.Retry), s.Catch)
			continue
		}
		for _, want := range []string{"Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"} {
			if !slices.Contains(s.Retry[0].ErrorEquals, want) {
				t.Errorf("%s does not retry %s", name, want)
			}
		}
	}
}

func TestOrderGivesACopy(t *testing.T) {
	t.Parallel()
	definition.Order()[0] = 'x'
	if definition.Order()[0] != '{' {
		t.Error("a caller can change the embedded definition")
	}
}
