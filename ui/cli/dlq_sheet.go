package cli

import (
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"orderops/workflow"
	"orderops/workflow/monitor"
)

// letterSheet are the fields of a dead letter.
func letterSheet() sheet[workflow.DeadLetter] {
	type d = workflow.DeadLetter
	return sheet[d]{name: "deadletter/1", fields: []field[d]{
		{name: "verdict", id: true, status: true, help: "what a redrive would do: safe, malformed, already processed, execution failed, bounced, unknown, readable (not checked)", value: func(x d) any { return string(x.Verdict) }},
		{name: "message", id: true, help: "message id", value: func(x d) any { return string(x.ID) }},
		{name: "order", help: "order id: of its lineage, else the message id", wide: true, value: func(x d) any { return string(x.OrderID()) }},
		{name: "user", gives: 1, help: "who ordered; null when the body can't be read", value: func(x d) any { return known(x.Order.UserID) }},
		{name: "quantity", id: true, gives: 6, help: "how many", value: func(x d) any { return known(x.Order.Quantity) }},
		{name: "restaurant", gives: 5, help: "where", value: func(x d) any { return known(x.Order.RestaurantID) }},
		{name: "sent", id: true, gives: 3, help: "when it was first sent", value: func(x d) any { return x.Sent }},
		{name: "deleted", help: "when SQS will delete it", wide: true, value: func(x d) any { return x.DeleteAt }},
		{name: "receives", id: true, gives: 4, help: "receives over both queues, this look included", value: func(x d) any { return x.Receives }},
		{name: "redrives", help: "how often it was redriven, by its lineage", wide: true, value: func(x d) any { return x.Lineage().Redrives }},
		{name: "cause", help: "what stands in its way, in short", value: func(x d) any { return known(x.Cause()) }},
		{name: "group", help: "the cause without what differs from message to message", wide: true, value: func(x d) any { return known(workflow.NormalCause(x.Cause())) }},
		{name: "why", help: "how the verdict was reached", wide: true, value: func(x d) any { return known(x.Why) }},
		{name: "source", help: "ARN of the queue that it came from", wide: true, value: func(x d) any { return known(x.SourceARN) }},
		{name: "trace_header", help: "X-Ray's trace header, which a redrive keeps", wide: true, value: func(x d) any { return known(x.TraceHeader) }},
		{name: "size", help: "bytes of the body", wide: true, value: func(x d) any { return len(x.Body) }},
		{name: "body", help: "the body; null when it is no UTF-8", wide: true, value: func(x d) any {
			if !utf8.Valid(x.Body) {
				return nil
			}
			return string(x.Body)
		}},
		{name: "body_base64", help: "the body in base64 when it is no UTF-8", wide: true, value: func(x d) any {
			if utf8.Valid(x.Body) {
				return nil
			}
			return base64.StdEncoding.EncodeToString(x.Body)
		}},
		{name: "attributes", help: "message attributes by name, each with its type and its value (binary in base64)", wide: true, value: func(x d) any { return attributes(x.Attributes) }},
	}}
}

// shownAttribute is the JSON of a message attribute.
type shownAttribute struct {
	Type   string `json:"type"`
	Text   string `json:"text,omitempty"`
	Binary []byte `json:"binary,omitempty"`
}

func attributes(all map[string]workflow.Attribute) any {
	if len(all) == 0 {
		return nil
	}
	shown := map[string]shownAttribute{}
	for name, a := range all {
		shown[name] = shownAttribute{a.DataType, a.Text, a.Binary}
	}
	encoded, err := json.Marshal(shown)
	if err != nil {
		return nil
	}
	return json.RawMessage(encoded)
}

// letterColumns are what dead letters can be filtered by.
func letterColumns() []string { return monitor.NewStore().DeadLetters().Columns() }
