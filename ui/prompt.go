package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/component/dialog"
)

// asked is a question that whoever connects has for the operator, such as the
// code of a second factor.
type asked struct {
	question string
	// answer takes one answer; closed without one it means no.
	answer chan string
}

var errNoAnswer = errors.New("the question was not answered")

// prompt hands a question to the program and waits for the answer. The patience
// of the connection does not run out meanwhile.
func prompt(ctx context.Context, questions chan<- asked, patience *time.Timer) func(string) (string, error) {
	return func(question string) (string, error) {
		patience.Stop()
		defer patience.Reset(connectTimeout)
		q := asked{question: question, answer: make(chan string, 1)}
		select {
		case questions <- q:
		case <-ctx.Done():
			return "", ctx.Err()
		}
		select {
		case answer, ok := <-q.answer:
			if !ok {
				return "", errNoAnswer
			}
			return answer, nil
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
}

// await waits for the next question.
func (m *Model) await() tea.Cmd {
	questions, ctx := m.questions, m.world.Context
	return func() tea.Msg {
		select {
		case q := <-questions:
			return q
		case <-ctx.Done():
			return nil
		}
	}
}

// asked shows a question. What lies open is closed by it: nothing can be done
// without the answer.
func (m *Model) asked(q asked) tea.Cmd {
	m.overlay = &answering{question: q, Dialog: dialog.New(m.theme, dialog.Spec{
		Title: "Sign in", Action: "go on",
		Facts:  []dialog.Fact{{Text: "AWS wants to know more before it gives credentials."}, {Label: "asked", Text: q.question}},
		Option: &dialog.Option{Label: "answer", Check: checkAnswer},
	})}
	return m.await()
}

func checkAnswer(answer string) error {
	if answer == "" {
		return errors.New("is needed")
	}
	return nil
}

// answering is the open question.
type answering struct {
	*dialog.Dialog
	question asked
}

// Update hands the answer over.
func (a *answering) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch a.Dialog.Update(msg) {
	case dialog.Cancelled:
		close(a.question.answer)
		return nil, true
	case dialog.Confirmed:
		a.question.answer <- a.Option()
		return nil, true
	case dialog.Pending:
	}
	return nil, false
}
