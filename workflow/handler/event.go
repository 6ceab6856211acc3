package handler

import (
	"encoding/json"
	"slices"
	"time"

	"orderops/workflow"
)

// Event is what the state machine gives to a step: the execution's input, or
// the part of it that the definition names.
type Event struct {
	UserID       string
	RestaurantID string
	Quantity     string
	ID           workflow.OrderID
	CreatedAt    string
	Status       workflow.OrderStatus
	ErrorMessage string
	// MessageID is "" when it is the same as ID.
	MessageID workflow.MessageID
	// Execution is the name of the execution, "" when the event does not tell.
	Execution string
}

// EventError says why a step can't work with its event. Lambda shows the
// type's name as the error.
type EventError struct {
	// Field is the member at fault; "" is the whole event.
	Field   string
	Problem string
}

// Error tells field and problem.
func (e *EventError) Error() string {
	if e.Field == "" {
		return "the event " + e.Problem
	}
	return e.Field + " " + e.Problem
}

// DecodeEvent reads a step's event: an order beside the execution's name,
// {"order":{…},"execution":"…"}, or the order alone with the name in it. The
// error is an *EventError. Names must
// match exactly: the customer's own members are in the event too, and one
// called User_ID must not be taken for user_id.
func DecodeEvent(payload []byte) (Event, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(payload, &raw); err != nil {
		return Event{}, &EventError{Problem: "is no JSON object"}
	}
	var e Event
	if inner, wrapped := raw["order"]; wrapped && raw["user_id"] == nil {
		name := raw["execution"]
		raw = nil
		if json.Unmarshal(inner, &raw) != nil || raw == nil {
			return Event{}, &EventError{Field: "order", Problem: "is no JSON object"}
		}
		raw["execution"] = name
	}
	for _, member := range []struct {
		name     string
		to       *string
		required bool
	}{
		{"user_id", &e.UserID, true},
		{"id", (*string)(&e.ID), true},
		{"restaurant_id", &e.RestaurantID, false},
		{"quantity", &e.Quantity, false},
		{"created_at", &e.CreatedAt, false},
		{"order_status", (*string)(&e.Status), false},
		{"error_message", &e.ErrorMessage, false},
		{"message_id", (*string)(&e.MessageID), false},
	} {
		value, ok := raw[member.name]
		if ok && json.Unmarshal(value, member.to) != nil {
			return Event{}, &EventError{Field: member.name, Problem: "is no string"}
		}
		if member.required && *member.to == "" {
			return Event{}, &EventError{Field: member.name, Problem: "is missing"}
		}
	}
	_ = json.Unmarshal(raw["execution"], &e.Execution) // no step needs it
	return e, nil
}

// Row is the order's row in the table.
func (e Event) Row() workflow.Row {
	row := workflow.Row{
		RowKey:       workflow.RowKey{UserID: e.UserID, ID: e.ID},
		RestaurantID: e.RestaurantID,
		Quantity:     e.Quantity,
		CreatedText:  e.CreatedAt,
		Status:       e.Status,
		ErrorMessage: e.ErrorMessage,
		MessageID:    e.MessageID,
	}
	if row.MessageID == "" {
		row.MessageID = workflow.MessageID(e.ID)
	}
	if created, err := time.Parse(time.RFC3339, e.CreatedAt); err == nil {
		row.Created = created
	}
	return row
}

// withMessageID is fields without what claims to be the message's id, and with
// the message's id where it is not the order's: the order lives on in another
// message than its first.
func withMessageID(fields []workflow.Field, m workflow.Message) []workflow.Field {
	const name = "message_id"
	fields = slices.DeleteFunc(slices.Clone(fields), func(f workflow.Field) bool { return f.Name == name })
	if workflow.OrderID(m.ID) == m.OrderID() {
		return fields
	}
	value, err := json.Marshal(m.ID)
	if err != nil {
		return fields
	}
	return append(fields, workflow.Field{Name: name, Value: value})
}
