package deadletters

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"orderops/ui/action"
	"orderops/ui/text"
	"orderops/workflow"
	"orderops/workflow/monitor"
	"orderops/workflow/operation"
)

const (
	// rowsAtOnce is how many letters have their rows looked for in one go.
	rowsAtOnce = 100
	// executionsAtOnce is how many letters have their executions looked for
	// between two looks at what is on the screen now.
	executionsAtOnce = 4
)

// judging is the state of the verdicts of one inspection.
type judging struct {
	busy bool
	// suspects have had their rows looked for and wait for their executions.
	suspects map[workflow.MessageID]operation.Suspect
	// since and done tell how fast it goes.
	since time.Time
	done  int
	// stopped is why no more is looked up: what it needs is forbidden, say.
	stopped error
}

// Messages of the verdicts.
type (
	suspected struct {
		inspection *operation.Inspection
		suspects   []operation.Suspect
	}
	judged struct {
		inspection *operation.Inspection
		letters    []workflow.DeadLetter
		err        error
	}
)

// judge looks up the next letters: first the rows of all that came, then the
// executions of those that need it, what is on the screen in front. One request
// is in flight at a time.
func (s *Screen) judge() tea.Cmd {
	j := &s.look.judging
	inspection := s.look.inspection
	if inspection == nil || !inspection.Open() || j.busy || j.stopped != nil || s.hidden {
		return nil
	}
	if j.since.IsZero() {
		j.since = s.world.Now
	}
	desk := s.world.Desk
	if letters := s.fresh(); len(letters) > 0 {
		j.busy = true
		return s.world.Do(func(ctx context.Context) tea.Msg {
			return suspected{inspection, desk.JudgeByRows(ctx, letters)}
		})
	}
	next := s.next()
	if len(next) == 0 {
		return nil
	}
	j.busy = true
	return s.world.Do(func(ctx context.Context) tea.Msg {
		answer := judged{inspection: inspection}
		for _, suspect := range next {
			letter, err := desk.JudgeByExecution(ctx, suspect)
			if err != nil {
				answer.err = err
				if later(err) {
					break // it is asked for again
				}
			}
			answer.letters = append(answer.letters, letter)
		}
		return answer
	})
}

// later tells that the same question may be answered soon.
func later(err error) bool {
	kind := workflow.KindOf(err)
	return kind == workflow.Throttled || kind == workflow.OverBudget
}

// fresh are letters of which nothing was looked up.
func (s *Screen) fresh() []workflow.DeadLetter {
	var letters []workflow.DeadLetter
	for d := range s.index().All() {
		if d.Verdict != workflow.Readable {
			continue
		}
		if _, waits := s.look.judging.suspects[d.ID]; waits {
			continue
		}
		if letters = append(letters, d.DeadLetter); len(letters) == rowsAtOnce {
			break
		}
	}
	return letters
}

// next are the suspects to look up now.
func (s *Screen) next() []operation.Suspect {
	suspects := s.look.judging.suspects
	var next []operation.Suspect
	picked := map[workflow.MessageID]bool{}
	pick := func(id workflow.MessageID) bool {
		if suspect, waits := suspects[id]; waits && !picked[id] {
			picked[id] = true
			next = append(next, suspect)
		}
		return len(next) < executionsAtOnce
	}
	if id, ok := s.list.Table.Cursor(); ok && !pick(workflow.MessageID(id)) {
		return next
	}
	from, to := s.list.Visible()
	for i := from; i < min(to, s.index().Len()); i++ {
		if !pick(s.index().At(i).ID) {
			return next
		}
	}
	for id := range suspects {
		if !pick(id) {
			return next
		}
	}
	return next
}

func (s *Screen) suspected(msg suspected) tea.Cmd {
	if msg.inspection != s.look.inspection {
		return nil
	}
	j := &s.look.judging
	j.busy = false
	if j.suspects == nil {
		j.suspects = map[workflow.MessageID]operation.Suspect{}
	}
	var sure []workflow.DeadLetter
	for _, suspect := range msg.suspects {
		if suspect.Sure {
			sure = append(sure, suspect.Letter)
			continue
		}
		j.suspects[suspect.Letter.ID] = suspect
	}
	j.done += len(sure)
	return s.verdicts(sure, s.judge())
}

func (s *Screen) judged(msg judged) tea.Cmd {
	if msg.inspection != s.look.inspection {
		return nil
	}
	j := &s.look.judging
	j.busy = false
	for _, letter := range msg.letters {
		delete(j.suspects, letter.ID)
	}
	j.done += len(msg.letters)
	letters := msg.letters
	switch kind := workflow.KindOf(msg.err); {
	case msg.err == nil, later(msg.err):
	case kind == workflow.Forbidden, kind == workflow.Unauthenticated:
		// The answer to the others would be the same.
		j.stopped = msg.err
		for id, suspect := range j.suspects {
			letters = append(letters, suspect.Unchecked(action.Headline(msg.err)))
			delete(j.suspects, id)
		}
	}
	return s.verdicts(letters, s.judge())
}

// verdicts puts letters into the store, then goes on.
func (s *Screen) verdicts(letters []workflow.DeadLetter, then tea.Cmd) tea.Cmd {
	if len(letters) == 0 {
		return then
	}
	return tea.Batch(action.Send(action.Done{Changes: []monitor.Change{monitor.DeadLettersJudged{Letters: letters}}}), then)
}

// judgingNote is how far the verdicts are, "" when all are there.
func (s *Screen) judgingNote() string {
	j := &s.look.judging
	left := s.world.Store.Unjudged()
	if left == 0 || s.look.inspection == nil || j.stopped != nil {
		return ""
	}
	note := fmt.Sprintf("%s verdicts to go", text.Count(left))
	if took := s.world.Now.Sub(j.since); j.done > 0 && took > time.Second {
		note += ", about " + text.Duration((took / time.Duration(j.done) * time.Duration(left)).Round(time.Second))
	}
	return note
}
