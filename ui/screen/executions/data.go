package executions

import (
	"encoding/json"
	"fmt"

	"orderops/ui/component/payload"
	"orderops/ui/text"
	"orderops/workflow"
)

// fill gives the tree what is selected: a state's data, an event's while
// stepping, or the log that was asked for.
func (d *detail) fill() {
	if d.log != nil {
		d.tree.Set(d.log.documents(d.world.Key("refresh"))...)
		return
	}
	if e, ok := d.event(); ok && d.stepping() {
		d.tree.Set(told(e)...)
		return
	}
	d.tree.Set(append(d.stateData(), d.orderData()...)...)
}

// told are the data of an event.
func told(e workflow.Event) []payload.Document {
	var list []payload.Document
	for _, part := range []payload.Document{
		{Name: "input", Text: e.Input},
		{Name: "output", Text: e.Output},
		{Name: "error", Text: e.Error},
		{Name: "cause", Text: e.Cause},
		{Name: "resource", Text: e.Resource},
	} {
		if part.Text != "" {
			list = append(list, part)
		}
	}
	if len(list) == 0 {
		list = []payload.Document{{Name: "", Text: "this event carries no data"}}
	}
	return list
}

// stateData are the data of the selected state. What is not known is said in words.
func (d *detail) stateData() []payload.Document {
	s := d.selected()
	switch {
	case len(d.states) == 0:
		return nil
	case s.ahead:
		return []payload.Document{{Text: "not reached yet"}}
	}
	var list []payload.Document
	if s.Error != "" || s.Cause != "" {
		list = append(list, payload.Document{Name: "error", Text: s.Error})
	}
	if s.Cause != "" {
		list = append(list, payload.Document{Name: "cause", Text: s.Cause})
	}
	input := orWord("input", s.Input, "not read yet")
	switch {
	case s.Status == workflow.StepRunning:
		return append(list, input, orWord("output", s.Output, "still at work"))
	case len(list) > 0 && s.Output == "":
		return append(list, input)
	}
	return append(list, input, orWord("output", s.Output, "none"))
}

func orWord(name, content, word string) payload.Document {
	if content == "" {
		return payload.Document{Name: name, Text: word}
	}
	return payload.Document{Name: name, Text: content}
}

// orderData are the order's row and dead letter, as far as they are known.
func (d *detail) orderData() []payload.Document {
	o, ok := d.world.Store.Orders().Get(d.execution().OrderID())
	if !ok {
		return nil
	}
	var list []payload.Document
	if o.Row != nil {
		list = append(list, payload.Document{Name: "row", Text: object(
			"order_status", string(o.Row.Status), "error_message", o.Row.ErrorMessage, "created_at", o.Row.CreatedText, "message_id", string(o.Row.MessageID),
		)})
	} else if o.Missing {
		list = append(list, payload.Document{Name: "row", Text: "the table has no row for this order"})
	}
	if o.DeadLetter != nil {
		list = append(list, payload.Document{Name: "dead letter", Text: object(
			"message_id", string(o.DeadLetter.ID), "verdict", string(o.DeadLetter.Verdict), "sent", text.Clock(o.DeadLetter.Sent),
		)})
	}
	return list
}

// object is JSON of names and texts in their order; empty texts are left out.
func object(pairs ...string) string {
	out := "{"
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if out != "{" {
			out += ","
		}
		name, _ := json.Marshal(pairs[i]) // a string always encodes
		value, _ := json.Marshal(pairs[i+1])
		out += string(name) + ":" + string(value)
	}
	return out + "}"
}

// eventLine tells event i in one line.
func (d *detail) eventLine(i int) string {
	e := d.events[i]
	return fmt.Sprintf("%4d  %s  %s", e.ID, e.Time.Local().Format("15:04:05.000"), text.Clean(workflow.EventSummary(e)))
}
