package workflow

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// createdLayout is RFC 3339 with milliseconds, which is what SQS knows of a
// message's time.
const createdLayout = "2006-01-02T15:04:05.000Z07:00"

// Input is what an execution's input tells of its order. What is missing or of
// another type is zero.
type Input struct {
	UserID       string
	RestaurantID string
	Quantity     string
	ID           OrderID
	Created      time.Time
}

// EncodeInput is the input of the execution that works on order. The same
// arguments give the same bytes, because StartExecution is idempotent only for
// the same input. Extra members that bear one of our names are left out: they
// would contradict ours.
func EncodeInput(order Order, id OrderID, created time.Time) []byte {
	b := []byte(`{"user_id":`)
	b = appendText(b, order.UserID)
	b = append(b, `,"restaurant_id":`...)
	b = appendText(b, order.RestaurantID)
	b = append(b, `,"quantity":`...)
	b = appendText(b, order.Quantity)
	b = append(b, `,"id":`...)
	b = appendText(b, string(id))
	b = append(b, `,"created_at":`...)
	b = appendText(b, created.UTC().Format(createdLayout))
	b = append(b, `,"order_status":`...)
	b = appendText(b, string(Pending))
	for _, f := range order.Extra {
		if !reserved(f.Name) {
			b = appendFields(b, []Field{f})
		}
	}
	return append(b, '}')
}

// reserved tells whether name is one that the input, the state machine or the
// table's row gives a meaning of its own.
func reserved(name string) bool {
	switch name {
	case "user_id", "restaurant_id", "quantity", "id", "created_at", "order_status",
		"error_message", "paymentOutEvent", "sendOrderOutEvent", DayField:
		return true
	}
	return false
}

// maxCreated is a time whose text is as long as any.
func maxCreated() time.Time { return time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC) }

// DecodeInput reads the input of an execution of any machine, as far as it is
// one of an order.
func DecodeInput(text string) Input {
	var raw map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &raw) != nil {
		return Input{}
	}
	in := Input{
		UserID:       loose(raw["user_id"]),
		RestaurantID: loose(raw["restaurant_id"]),
		Quantity:     loose(raw["quantity"]),
		ID:           OrderID(loose(raw["id"])),
	}
	if created, err := time.Parse(time.RFC3339, loose(raw["created_at"])); err == nil {
		in.Created = created
	}
	return in
}

// loose is the text of a JSON string or the digits of a number, "" of anything else.
func loose(value json.RawMessage) string {
	var s string
	if json.Unmarshal(value, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(value, &n) == nil {
		return n.String()
	}
	return ""
}

// CheckInput says why a text can't be the input of an order's execution; nil when
// it can.
func CheckInput(text string) error {
	var object map[string]json.RawMessage
	err := json.Unmarshal([]byte(text), &object)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		line, column := place(text, int(syntax.Offset))
		return fmt.Errorf("line %d, column %d: %w", line, column, err)
	}
	if err != nil || object == nil {
		return errors.New("it must be a JSON object")
	}
	if n := len(CompactInput(text)); n > MaxInput {
		return fmt.Errorf("it has %d bytes without blanks; Step Functions takes %d", n, MaxInput)
	}
	return nil
}

// CompactInput is JSON without the blanks between its tokens; what is none stays
// as it is.
func CompactInput(text string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(text)) != nil {
		return text
	}
	return b.String()
}

// place is where the last of the first n bytes stands, counted from 1. Columns
// are counted in characters.
func place(text string, n int) (line, column int) {
	before := text[:min(max(n-1, 0), len(text))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}
