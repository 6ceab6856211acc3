package handler_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
	"orderops/workflow/handler"
)

func TestDecodeEvent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		payload string
		want    handler.Event
		problem string
	}{
		"an input": {
			`{"user_id":"u","restaurant_id":"r","quantity":"3","id":"o","created_at":"c","order_status":"FAILURE","error_message":"e","message_id":"m","note":1}`,
			handler.Event{UserID: "u", RestaurantID: "r", Quantity: "3", ID: "o", CreatedAt: "c", Status: "FAILURE", ErrorMessage: "e", MessageID: "m"},
			"",
		},
		"a customer's look-alikes": {`{"user_id":"u","id":"o","USER_ID":"x","Id":"y"}`, handler.Event{UserID: "u", ID: "o"}, ""},
		"beside its execution": {
			`{"order":{"user_id":"u","id":"o","execution":"a customer's"},"execution":"o"}`,
			handler.Event{UserID: "u", ID: "o", Execution: "o"},
			"",
		},
		"with its execution":      {`{"user_id":"u","id":"o","execution":"run"}`, handler.Event{UserID: "u", ID: "o", Execution: "run"}, ""},
		"a customer's order":      {`{"user_id":"u","id":"o","order":{"user_id":"x"}}`, handler.Event{UserID: "u", ID: "o"}, ""},
		"no order beside it":      {`{"order":3,"execution":"o"}`, handler.Event{}, "order is no JSON object"},
		"nothing beside it":       {`{"order":null,"execution":"o"}`, handler.Event{}, "order is no JSON object"},
		"an execution of numbers": {`{"order":{"user_id":"u","id":"o"},"execution":3}`, handler.Event{UserID: "u", ID: "o"}, ""},
		"no user":                 {`{"id":"o"}`, handler.Event{}, "user_id is missing"},
		"no id":                   {`{"user_id":"u","id":""}`, handler.Event{}, "id is missing"},
		"a number":                {`{"user_id":"u","id":"o","quantity":3}`, handler.Event{}, "quantity is no string"},
		"a list":                  {`[]`, handler.Event{}, "the event is no JSON object"},
		"nothing":                 {``, handler.Event{}, "the event is no JSON object"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := handler.DecodeEvent([]byte(c.payload))
			problem := ""
			if e, ok := errors.AsType[*handler.EventError](err); ok {
				problem = e.Error()
			}
			if problem != c.problem {
				t.Errorf("error is %v, want %q", err, c.problem)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEventRow(t *testing.T) {
	t.Parallel()
	e := handler.Event{UserID: "u", RestaurantID: "r", Quantity: "3", ID: "o", CreatedAt: "2026-11-23T08:00:00.000Z", Status: workflow.Pending}
	want := workflow.Row{
		RowKey: workflow.RowKey{UserID: "u", ID: "o"}, RestaurantID: "r", Quantity: "3",
		Created: sent, CreatedText: "2026-11-23T08:00:00.000Z", Status: workflow.Pending, MessageID: "o",
	}
	if diff := cmp.Diff(want, e.Row()); diff != "" {
		t.Error(diff)
	}
	e.MessageID = "m"
	if got := e.Row().MessageID; got != "m" {
		t.Errorf("message id is %s, want m", got)
	}
}
