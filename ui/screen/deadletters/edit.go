package deadletters

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/keys"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/operation"
)

// editActions mend messages and redrive them as new orders.
func (s *Screen) editActions() []action.Action {
	one := s.busy()
	if d, ok := s.selected(); !ok || s.grouped {
		one = "no message is selected; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
		if s.grouped && d != nil {
			one = "open the group first: this edits one message"
		}
	}
	editor := one
	if editor == "" {
		editor = s.world.NoEditor()
	}
	return []action.Action{
		{
			Binding: keys.New("edit and redrive", "e"), Title: "edit the order of one message and redrive it as a new order",
			Changes: true, Quiet: true, Unavailable: one, Run: s.editForm,
		},
		{
			Binding: keys.New("edit in $EDITOR", "ctrl+e"), Title: "edit the body of one message in your editor and redrive it as a new order",
			Changes: true, Quiet: true, Unavailable: editor, Run: s.editText,
		},
		s.jqAction(),
	}
}

// editForm asks for the three fields of an order.
func (s *Screen) editForm() tea.Cmd {
	d, _ := s.selected()
	draft := workflow.Draft(d.Body)
	return s.edit(d.DeadLetter, 0, [3]string{draft.UserID, draft.Quantity, draft.RestaurantID})
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
			Edits: map[workflow.MessageID][]byte{letter.ID: body}, EditedBy: operation.ByHand,
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

// editText opens one body in the operator's editor; what was written there is
// shown as a diff before the plan.
func (s *Screen) editText() tea.Cmd {
	d, _ := s.selected()
	letter := d.DeadLetter
	return action.Send(action.EditText{
		Name: "body.json", Text: string(letter.Body), Most: operation.MostBytes,
		Check: func(body string) error {
			_, err := workflow.DecodeBody([]byte(body))
			return err
		},
		Then: func(body string) tea.Cmd {
			return s.try([]workflow.DeadLetter{letter}, operation.ByHand, func(context.Context, []byte) ([]byte, error) { return []byte(body), nil })
		},
	})
}

// jqAction edits many messages by one expression.
func (s *Screen) jqAction() action.Action {
	a := action.Action{
		Binding: keys.New("edit by jq", "J"), Title: "edit the bodies of many messages by a jq expression, look at each, and redrive them as new orders",
		Changes: true, Quiet: true, Unavailable: s.busy(), Run: s.askExpression,
	}
	switch {
	case s.world.Compile == nil:
		a.Unavailable = "this program knows no jq"
	case s.trying != nil:
		a.Unavailable = "an edit is being tried; esc stops it"
	case s.index().Total() == 0:
		a.Unavailable = "nothing was received; " + s.world.Key("dead-letters.inspect") + " inspects the queue"
	}
	return a
}

// askExpression asks for the expression. It is about what is marked, else the
// chosen groups, else all received messages that match the filter.
func (s *Screen) askExpression() tea.Cmd {
	letters, which := s.editable()
	if len(letters) == 0 {
		return action.Send(action.Say{Text: "no message matches: there is nothing to edit"})
	}
	compile := s.world.Compile
	return action.Send(action.Edit{
		Title: "Edit " + which + " by a jq expression", Label: "jq", Value: s.expression, Verb: "preview",
		Check: func(expression string) error {
			if strings.TrimSpace(expression) == "" {
				return errors.New(`type one, such as .data.quantity = "3"`)
			}
			_, err := compile(expression)
			return err
		},
		Then: func(expression string) tea.Cmd {
			transform, err := compile(expression)
			if err != nil {
				return action.Send(action.Say{Err: err})
			}
			s.expression = expression
			return s.try(letters, operation.ByJQ(expression), transform)
		},
	})
}

// editable are the messages that an expression is for, and in words which.
func (s *Screen) editable() (letters []workflow.DeadLetter, which string) {
	switch {
	case s.preview != nil:
		for i := range s.preview.edits.All {
			letters = append(letters, s.preview.edits.All[i].Letter)
		}
		return letters, "the same " + plural(len(letters), "message")
	case s.grouped:
		letters = s.chosen()
		return letters, plural(len(letters), "message") + " of " + plural(len(s.chosenGroups()), "group")
	case s.list.MarkCount() > 0:
		letters = s.marked()
		return letters, text.Count(len(letters)) + " marked " + strings.TrimLeft(plural(len(letters), "message"), "0123456789, ")
	}
	letters = s.matching()
	if s.list.Filter() != "" {
		return letters, "all " + plural(len(letters), "received message") + " that match"
	}
	return letters, "all " + plural(len(letters), "received message")
}

// try works out what an edit does to all letters, beside the program.
func (s *Screen) try(letters []workflow.DeadLetter, by string, transform workflow.Transform) tea.Cmd {
	ctx, stop := context.WithTimeout(s.world.Context, action.AskTimeout)
	t := &trying{stop: stop}
	s.trying = t
	return func() tea.Msg {
		defer stop()
		edits, err := operation.EditAll(ctx, letters, transform)
		return previewed{t, by, edits, err}
	}
}
