package config_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/config"
)

func TestDefaultIsValid(t *testing.T) {
	t.Parallel()
	for _, local := range []bool{false, true} {
		s := config.Default()
		s.Local = local
		if err := s.Validate(); err != nil {
			t.Errorf("local %v: %v", local, err)
		}
	}
}

func TestValidateTakes(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*config.Settings){
		"a real deployment": func(s *config.Settings) {
			s.Profile, s.Region, s.Stack = "shop", "eu-west-1", "shop"
			s.QueueURL = "https://sqs.eu-west-1.amazonaws.com/123456789012/OrderQueue"
			s.DeadLetterURL = "https://sqs.eu-west-1.amazonaws.com/123456789012/OrderDeathLetterQueue"
			s.StateMachineARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:OrderStateMachine"
			s.Table, s.TopicARN = "order-table", "arn:aws:sns:eu-west-1:123456789012:Order-sns-topic"
		},
		"other partitions, an alias": func(s *config.Settings) {
			s.StateMachineARN = "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:Order:live"
			s.Table = "arn:aws-us-gov:dynamodb:us-gov-west-1:123456789012:table/order-table"
		},
		"a local endpoint": func(s *config.Settings) { s.EndpointURL = "http://127.0.0.1:4566" },
		"the knobs": func(s *config.Settings) {
			s.Local, s.Wait, s.Visibility, s.Seed = true, 5*time.Second, 12*time.Hour, 7
			s.PaymentFailureRate, s.RestaurantFailureRate, s.Listen = 0, 1, "[::1]:0"
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := config.Default()
			change(&s)
			if err := s.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestValidateNamesTheFlag(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*config.Settings)
		want   string
	}{
		{"a region with a blank", func(s *config.Settings) { s.Region = "eu west" }, "--region"},
		{"an endpoint without scheme", func(s *config.Settings) { s.EndpointURL = "127.0.0.1:4566" }, "--endpoint-url"},
		{"an endpoint with a password", func(s *config.Settings) { s.EndpointURL = "http://u:p@host" }, "--endpoint-url"},
		{"a queue's name", func(s *config.Settings) { s.QueueURL = "OrderQueue" }, "--queue-url"},
		{"a dead-letter queue's ARN", func(s *config.Settings) { s.DeadLetterURL = "arn:aws:sqs:eu-west-1:1:q" }, "--dlq-url"},
		{"one queue for both", func(s *config.Settings) { s.QueueURL, s.DeadLetterURL = "https://q/1", "https://q/1" }, "--dlq-url"},
		{"an execution's ARN", func(s *config.Settings) {
			s.StateMachineARN = "arn:aws:states:eu-west-1:123456789012:execution:Order:1"
		}, "--state-machine"},
		{"a table with a blank", func(s *config.Settings) { s.Table = "order table" }, "--table"},
		{"a topic's name", func(s *config.Settings) { s.TopicARN = "Order-sns-topic" }, "--topic"},
		{"an open address", func(s *config.Settings) { s.Listen = "0.0.0.0:4566" }, "--listen"},
		{"an address without port", func(s *config.Settings) { s.Listen = "127.0.0.1" }, "--listen"},
		{"local with a profile", func(s *config.Settings) { s.Local, s.Profile = true, "shop" }, "--profile"},
		{"local with an endpoint", func(s *config.Settings) { s.Local, s.EndpointURL = true, "http://127.0.0.1:1" }, "--endpoint-url"},
		{"local with a stack", func(s *config.Settings) { s.Local, s.Stack = true, "shop" }, "--stack"},
		{"a knob without local", func(s *config.Settings) { s.Wait = time.Second }, "--wait"},
		{"a rate of 0 without local", func(s *config.Settings) { s.PaymentFailureRate = 0 }, "--payment-failure-rate"},
		{"a rate without local", func(s *config.Settings) { s.PaymentFailureRate = 0.5 }, "--payment-failure-rate"},
		{"half a second", func(s *config.Settings) { s.Local, s.Wait = true, 500*time.Millisecond }, "--wait"},
		{"a negative wait", func(s *config.Settings) { s.Local, s.Wait = true, -time.Second }, "--wait"},
		{"a long visibility", func(s *config.Settings) { s.Local, s.Visibility = true, 13*time.Hour }, "--visibility"},
		{"a rate above one", func(s *config.Settings) { s.Local, s.PaymentFailureRate = true, 1.5 }, "--payment-failure-rate"},
		{"a share of poison", func(s *config.Settings) { s.Local, s.PoisonRate = true, 1.5 }, "--poison-rate"},
		{"too many orders", func(s *config.Settings) { s.Local, s.OrderRate = true, 1001 }, "--order-rate"},
		{"a scenario without local", func(s *config.Settings) { s.Scenario = "bad-release" }, "--scenario"},
		{"a disturbance without local", func(s *config.Settings) { s.Disturbances = []string{"outage: save"} }, "--disturb"},
		{"no number", func(s *config.Settings) { s.Local, s.RestaurantFailureRate = true, math.NaN() }, "--restaurant-failure-rate"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := config.Default()
			tt.change(&s)
			wrong, ok := errors.AsType[*config.SettingError](s.Validate())
			if !ok || wrong.Setting != tt.want || wrong.Reason == "" || wrong.Next == "" {
				t.Errorf("got %+v, want a mistake in %s", wrong, tt.want)
			}
		})
	}
}

func TestFromEnvironment(t *testing.T) {
	t.Parallel()
	environment := map[string]string{
		"ORDEROPS_STACK": "shop", "ORDEROPS_READ_ONLY": "true", "ORDEROPS_QUEUE_URL": "q", "ORDEROPS_DLQ_URL": "d",
		"ORDEROPS_STATE_MACHINE": "m", "ORDEROPS_TABLE": "t", "ORDEROPS_TOPIC": "n",
	}
	lookup := func(name string) (string, bool) { value, ok := environment[name]; return value, ok }
	tests := []struct {
		name   string
		start  config.Settings
		chosen string
		want   config.Settings
	}{
		{
			name: "everything", want: config.Settings{
				Stack: "shop", ReadOnly: true, QueueURL: "q", DeadLetterURL: "d", StateMachineARN: "m", Table: "t", TopicARN: "n",
			},
		},
		{
			name: "a flag wins", start: config.Settings{Stack: "mine"}, chosen: "stack", want: config.Settings{
				Stack: "mine", ReadOnly: true, QueueURL: "q", DeadLetterURL: "d", StateMachineARN: "m", Table: "t", TopicARN: "n",
			},
		},
		{
			name: "--read-only=false wins", chosen: "read-only", want: config.Settings{
				Stack: "shop", QueueURL: "q", DeadLetterURL: "d", StateMachineARN: "m", Table: "t", TopicARN: "n",
			},
		},
		{
			name: "local takes the guard rail only", start: config.Settings{Local: true},
			want: config.Settings{Local: true, ReadOnly: true},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.start.FromEnvironment(lookup, func(flag string) bool { return flag == tt.chosen })
			if err != nil || !cmp.Equal(got, tt.want) {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
}

func TestEnvironmentMistake(t *testing.T) {
	t.Parallel()
	_, err := config.Default().FromEnvironment(
		func(name string) (string, bool) { return "perhaps", name == "ORDEROPS_READ_ONLY" },
		func(string) bool { return false },
	)
	if wrong, ok := errors.AsType[*config.SettingError](err); !ok || wrong.Setting != "ORDEROPS_READ_ONLY" {
		t.Errorf("got %v, want the variable named", err)
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]bool{
		"http://127.0.0.1:4566": true, "http://localhost:4566/x": true, "http://[::1]:1": true, "http://s3.localhost": true,
		"https://sqs.eu-west-1.amazonaws.com": false, "http://localhost.example.com": false, "http://10.0.0.1": false, "": false, "::": false,
	} {
		if got := config.Loopback(url); got != want {
			t.Errorf("%q: got %v", url, got)
		}
	}
}

func FuzzValidate(f *testing.F) {
	f.Add("http://127.0.0.1:4566", "arn:aws:states:eu-west-1:123456789012:stateMachine:Order", "order-table", "127.0.0.1:0")
	f.Add("://", "arn:", "\x00", "[::1")
	f.Fuzz(func(t *testing.T, url, arn, table, listen string) {
		s := config.Settings{EndpointURL: url, QueueURL: url, StateMachineARN: arn, TopicARN: arn, Table: table, Listen: listen}
		err := s.Validate()
		if _, ok := errors.AsType[*config.SettingError](err); err != nil && !ok {
			t.Errorf("got %v, want nil or a setting's mistake", err)
		}
	})
}
