package workflow_test

import (
	"testing"
	"time"

	"orderops/workflow"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	sent := time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)
	const good = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`
	order, dead := workflow.Queue{MaxReceives: 3}, workflow.Queue{Retention: time.Hour}
	for name, test := range map[string]struct {
		message     workflow.Message
		order, dead workflow.Queue
		verdict     workflow.Verdict
		field       string
		looks       int
		deleteAt    time.Time
	}{
		"first look":        {workflow.Message{Body: []byte(good), ReceiveCount: 4, Sent: sent}, order, dead, workflow.Readable, "", 0, sent.Add(time.Hour)},
		"third look":        {workflow.Message{Body: []byte(good), ReceiveCount: 6, Sent: sent}, order, dead, workflow.Readable, "", 2, sent.Add(time.Hour)},
		"sent here by hand": {workflow.Message{Body: []byte(good), ReceiveCount: 1, Sent: sent}, order, dead, workflow.Readable, "", 0, sent.Add(time.Hour)},
		"nothing told":      {workflow.Message{Body: []byte(good), ReceiveCount: 4}, workflow.Queue{}, workflow.Queue{}, workflow.Readable, "", -1, time.Time{}},
		"send not told":     {workflow.Message{Body: []byte(good), ReceiveCount: 4}, order, dead, workflow.Readable, "", 0, time.Time{}},
		"bad quantity": {
			workflow.Message{Body: []byte(`{"data":{"user_id":"B","quantity":"three","restaurant_id":"R"}}`), ReceiveCount: 4, Sent: sent},
			order, dead, workflow.Malformed, "data.quantity", 0, sent.Add(time.Hour),
		},
		"an order id that names no execution": {
			workflow.Message{Body: []byte(good), ReceiveCount: 4, Sent: sent, Attributes: map[string]workflow.Attribute{
				workflow.AttributeOrderID: {DataType: "String", Text: "shop/2026"},
			}}, order, dead, workflow.Malformed, "attribute order_id", 0, sent.Add(time.Hour),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := workflow.Judge(test.message, test.order, test.dead)
			field := ""
			if got.Problem != nil {
				field = got.Problem.Field
			}
			if got.Verdict != test.verdict || field != test.field || got.Looks != test.looks || !got.DeleteAt.Equal(test.deleteAt) || got.Receives != test.message.ReceiveCount {
				t.Errorf("judged %+v", got)
			}
			if (got.Order.UserID != "") != (test.verdict == workflow.Readable) {
				t.Errorf("order %+v of a message that is %s", got.Order, got.Verdict)
			}
		})
	}
}
