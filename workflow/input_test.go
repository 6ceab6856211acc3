package workflow_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
)

func TestEncodeInput(t *testing.T) {
	t.Parallel()
	created := time.Date(2026, 11, 23, 9, 4, 5, 67e6, time.FixedZone("CET", 3600))
	order := workflow.Order{UserID: "Burger_20", Quantity: "3", RestaurantID: "R&B"}
	plain := `{"user_id":"Burger_20","restaurant_id":"R&B","quantity":"3","id":"m-1","created_at":"2026-11-23T08:04:05.067Z","order_status":"PENDING"`
	for name, c := range map[string]struct {
		extra []workflow.Field
		want  string
	}{
		"plain": {nil, plain + "}"},
		"extra": {[]workflow.Field{{Name: "note", Value: json.RawMessage(`{"b":1,"a":2}`)}}, plain + `,"note":{"b":1,"a":2}}`},
		"extra that would contradict": {
			[]workflow.Field{
				{Name: "order_status", Value: json.RawMessage(`"SUCCESS"`)},
				{Name: "id", Value: json.RawMessage(`"other"`)},
				{Name: "paymentOutEvent", Value: json.RawMessage(`{"status":"ok"}`)},
			}, plain + "}",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			order := order
			order.Extra = c.extra
			if got := string(workflow.EncodeInput(order, "m-1", created)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestDecodeInput(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 8, 4, 5, 67e6, time.UTC)
	for name, c := range map[string]struct {
		text string
		want workflow.Input
	}{
		"ours": {
			string(workflow.EncodeInput(workflow.Order{UserID: "u", Quantity: "3", RestaurantID: "r"}, "m", at)),
			workflow.Input{UserID: "u", Quantity: "3", RestaurantID: "r", ID: "m", Created: at},
		},
		"numbers":            {`{"user_id":20,"quantity":3,"id":["x"]}`, workflow.Input{UserID: "20", Quantity: "3"}},
		"other machine":      {`[1,2]`, workflow.Input{}},
		"null":               {`null`, workflow.Input{}},
		"nothing":            {``, workflow.Input{}},
		"names in capitals":  {`{"USER_ID":"u"}`, workflow.Input{}},
		"time without zone":  {`{"user_id":"u","created_at":"2026-11-23 08:04"}`, workflow.Input{UserID: "u"}},
		"one member is null": {`{"user_id":null,"quantity":"1"}`, workflow.Input{Quantity: "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, workflow.DecodeInput(c.text)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckInput(t *testing.T) {
	t.Parallel()
	wide := `{"a":"` + strings.Repeat("x", workflow.MaxInput-8) + `"}`
	for text, want := range map[string]string{
		`{"a":1}`:                      "",
		wide:                           "",
		strings.Repeat(" ", 99) + wide: "",
		wide[:len(wide)-2] + `y"}`:     "it has 262145 bytes without blanks; Step Functions takes 262144",
		`[1]`:                          "it must be a JSON object",
		`null`:                         "it must be a JSON object",
		"":                             "line 1, column 1: unexpected end of JSON input",
		"{\n  \"ü\": x\n}":             "line 2, column 8: invalid character 'x' looking for beginning of value",
		`{"a":1} {"b":2}`:              "line 1, column 9: invalid character '{' after top-level value",
		"{\"a\":1,\n}":                 "line 2, column 1: invalid character '}' looking for beginning of object key string",
	} {
		got := ""
		if err := workflow.CheckInput(text); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%.40q: got %q, want %q", text, got, want)
		}
	}
}
