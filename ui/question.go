package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/component/dialog"
	"orderops/ui/text"
	"orderops/ui/theme"
	"orderops/workflow/operation"
)

// question shows a plan and applies it when the operator agrees.
type question struct {
	*dialog.Dialog
	world *action.World
	ask   action.Ask
	// silentSince is when the last key came that was not meant for the dialog; zero
	// when all are.
	silentSince time.Time
}

func newQuestion(th *theme.Theme, world *action.World, context string, ask action.Ask) *question {
	plan := ask.Plan
	spec := dialog.Spec{Title: plan.Title, Warning: plan.Warning, Action: plan.Verb, Risk: risk(plan.Risk), Want: plan.Type}
	if plan.Risk == operation.TypeName {
		spec.Ask = cmp.Or(plan.AskFor, "type the queue's name")
	}
	if world.Guard.State().Production {
		// Whatever changes production takes more than a key, and the word that a
		// plan asks for is not enough either: it is the same in every context.
		ask := "production: type the context's name"
		if spec.Ask != "" {
			ask = "type context and " + strings.TrimPrefix(strings.TrimPrefix(spec.Ask, "type "), "the ")
		}
		spec.Risk, spec.Want, spec.Ask = dialog.Typed, strings.TrimSpace(text.Clean(context)+" "+spec.Want), ask
	}
	for _, f := range plan.Facts {
		spec.Facts = append(spec.Facts, dialog.Fact{Label: f.Label, Text: f.Text})
	}
	if plan.Undo != "" {
		spec.Facts = append(spec.Facts, dialog.Fact{Label: "undo", Text: plan.Undo})
	}
	if ask.Save != nil {
		spec.Facts = append(spec.Facts, dialog.Fact{Label: "later", Text: saveKey + " saves this plan to a file, to be reviewed, and applied later or by somebody else"})
	}
	if n := ask.Number; n != nil {
		spec.Option = &dialog.Option{
			Label: n.Label, Value: strconv.Itoa(n.Value), Hint: fmt.Sprintf("%d to %d %s", n.Least, n.Most, n.Unit), Check: within(n),
		}
	}
	return &question{Dialog: dialog.New(th, spec), world: world, ask: ask}
}

func risk(r operation.Risk) dialog.Risk {
	switch r {
	case operation.Ask:
		return dialog.DefaultNo
	case operation.TypeName:
		return dialog.Typed
	case operation.None:
	}
	return dialog.None
}

func within(n *action.Number) func(string) error {
	return func(s string) error {
		v, err := strconv.Atoi(s)
		if err != nil || v < n.Least || v > n.Most {
			return errors.New("must be a whole number from " + strconv.Itoa(n.Least) + " to " + strconv.Itoa(n.Most))
		}
		return nil
	}
}

// Update applies the plan when it was agreed to.
func (q *question) Update(msg tea.Msg) (tea.Cmd, bool) {
	if q.tooSoon(msg) {
		return nil, false
	}
	if press, ok := msg.(tea.KeyPressMsg); ok && press.String() == saveKey && q.ask.Save != nil {
		return q.save(), false
	}
	switch q.Dialog.Update(msg) {
	case dialog.Cancelled:
		if q.ask.Declined != "" {
			return action.Send(action.Say{Text: q.ask.Declined}), true
		}
		return nil, true
	case dialog.Confirmed:
		number := 0
		if q.ask.Number != nil {
			number, _ = strconv.Atoi(q.Option()) // checked by the dialog before it confirms
		}
		apply := q.ask.Apply
		return q.world.Do(func(ctx context.Context) tea.Msg { return apply(ctx, number) }), true
	case dialog.Pending:
	}
	return nil, false
}

// saveKey keeps a plan in a file. No input takes it for a text.
const saveKey = "ctrl+s"

// save writes the plan to a new file in the working directory. The question stays.
func (q *question) save() tea.Cmd {
	number := 0
	if n := q.ask.Number; n != nil {
		if err := within(n)(q.Option()); err != nil {
			return action.Send(action.Say{Text: "not saved: " + n.Label + " " + err.Error()})
		}
		number, _ = strconv.Atoi(q.Option()) // within has read it
	}
	verb := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, q.ask.Plan.Verb)
	name := verb + "-" + q.world.Now.Local().Format("20060102-150405") + ".plan.json"
	if path, err := filepath.Abs(name); err == nil {
		name = path
	}
	keep := q.ask.Save
	return q.world.Do(func(ctx context.Context) tea.Msg {
		if err := keep(ctx, name, number); err != nil {
			return action.Say{Err: err}
		}
		return action.Say{Text: "the plan is in " + name}
	})
}
