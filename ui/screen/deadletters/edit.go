package deadletters

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// editAction mends one message and redrives it as a new order.
func (s *Screen) editAction() action.Action {
	a := action.Action{Binding: keys.New("edit and redrive", "e"), Title: "edit the order of one message and redrive it as a new order", Changes: true, Quiet: true, Unavailable: s.busy()}
	d, ok := s.selected()
	if !ok {
		a.Unavailable = "no message is selected; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
	}
	letter := d.DeadLetter
	a.Run = func() tea.Cmd {
		draft := workflow.Draft(letter.Body)
		return s.edit(letter, 0, [3]string{draft.UserID, draft.Quantity, draft.RestaurantID})
	}
	return a
}

// edit asks for one field after the other, as the schema of an order has them,
// then shows the plan.
func (s *Screen) edit(letter workflow.DeadLetter, at int, values [3]string) tea.Cmd {
	fields := [3]struct {
		label, hint string
		check       func(string) error
	}{
		{"user id", "who orders", workflow.CheckUserID},
		{"quantity", "1 to 999", workflow.CheckQuantity},
		{"restaurant id", "where", workflow.CheckRestaurantID},
	}
	if at == len(fields) {
		body := workflow.Mend(letter.Body, values[0], values[1], values[2])
		return s.plan(operation.Selection{
			Do: operation.Redrive, Letters: []workflow.DeadLetter{letter}, Rate: operation.DefaultRate,
			Edits: map[workflow.MessageID][]byte{letter.ID: body},
		})
	}
	f := fields[at]
	return action.Send(action.Edit{
		Title: fmt.Sprintf("Edit the order, %d of %d", at+1, len(fields)), Label: f.label, Value: values[at], Hint: f.hint, Verb: "next", Check: f.check,
		Then: func(text string) tea.Cmd {
			values[at] = text
			return s.edit(letter, at+1, values)
		},
	})
}
