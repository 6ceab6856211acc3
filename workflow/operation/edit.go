package operation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"orderops/workflow"
)

// MostBytes is the largest body that an edit may make (SQS SendMessage).
const MostBytes = mostBytes

// Edited is one dead letter and what an edit makes of it.
type Edited struct {
	Letter workflow.DeadLetter
	// Body is what would be sent; nil when the edit changes nothing or failed.
	Body []byte
	// Err is why there is no edit: the body is no JSON, or the expression fails on it.
	Err error
	// NotJSON tells that Err is about the body.
	NotJSON bool
	// Rejected is why our decoder does not accept Body; nil when it does.
	Rejected error
}

// Changed tells that there is another body.
func (e *Edited) Changed() bool { return e.Body != nil }

// Sent tells that the edit would be sent: our decoder accepts the new body.
func (e *Edited) Sent() bool { return e.Changed() && e.Rejected == nil }

// Outcome is what came of the edit, in words.
func (e *Edited) Outcome() string {
	switch {
	case e.NotJSON:
		return "not eligible"
	case e.Err != nil:
		return "failed"
	case !e.Changed():
		return "unchanged"
	case e.Rejected != nil:
		return "rejected"
	}
	return "edited"
}

// Why says why the edit would not be sent; "" when it would, or when nothing
// changes.
func (e *Edited) Why() string {
	switch {
	case e.NotJSON:
		return "not JSON: " + e.Err.Error()
	case e.Err != nil:
		return e.Err.Error()
	case e.Rejected != nil:
		return "our decoder rejects the new body: " + e.Rejected.Error()
	}
	return ""
}

// Edits are what an edit makes of all chosen letters.
type Edits struct {
	All []Edited
	// Changed is how many get another body; Accepted how many of those bodies our
	// decoder takes.
	Changed, Accepted int
	// Same is how many the edit leaves alone, Failed on how many it fails, and
	// NotJSON how many can't be edited.
	Same, Failed, NotJSON int
}

// EditAll tries an edit on every letter. Nothing is sent. The error is that ctx
// ended before it was through.
func EditAll(ctx context.Context, letters []workflow.DeadLetter, edit workflow.Transform) (Edits, error) {
	edits := Edits{All: make([]Edited, 0, len(letters))}
	for _, letter := range letters {
		e := editOne(ctx, letter, edit)
		if err := ctx.Err(); err != nil {
			return edits, &workflow.Problem{
				Kind: workflow.Invalid, Operation: "edit dead letters", Err: err,
				Reason: fmt.Sprintf("it took too long, or was stopped, at message %d of %d; nothing was changed", len(edits.All)+1, len(letters)),
				Next:   "Choose fewer messages, or a simpler expression.",
			}
		}
		edits.add(e)
	}
	return edits, nil
}

func editOne(ctx context.Context, letter workflow.DeadLetter, edit workflow.Transform) Edited {
	e := Edited{Letter: letter}
	body, err := edit(ctx, letter.Body)
	if err != nil {
		_, e.NotJSON = errors.AsType[*workflow.BodyError](err)
		e.Err = err
		return e
	}
	if string(body) == string(letter.Body) {
		return e
	}
	e.Body = body
	_, e.Rejected = workflow.DecodeBody(body)
	return e
}

func (s *Edits) add(e Edited) {
	s.All = append(s.All, e)
	switch {
	case e.NotJSON:
		s.NotJSON++
	case e.Err != nil:
		s.Failed++
	case !e.Changed():
		s.Same++
	default:
		s.Changed++
		if e.Sent() {
			s.Accepted++
		}
	}
}

// String counts: "3 of 5 change, 2 accepted by our decoder · 1 unchanged · 1 not JSON".
func (s *Edits) String() string {
	words := []string{fmt.Sprintf("%d of %d change, %d of them accepted by our decoder", s.Changed, len(s.All), s.Accepted)}
	for _, part := range []struct {
		n    int
		word string
	}{{s.Same, "unchanged"}, {s.Failed, "failed"}, {s.NotJSON, "not JSON"}} {
		if part.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", part.n, part.word))
		}
	}
	return strings.Join(words, " · ")
}

// ByHand says that an operator made the edit.
const ByHand = "hand"

// ByJQ names the expression that made an edit.
func ByJQ(expression string) string { return "jq " + expression }

// Selection is the redrive of what was edited and is accepted by our decoder;
// with rejected, also of what is not. By says who made the edit.
func (s *Edits) Selection(rejected bool, by string) Selection {
	selection := Selection{Do: Redrive, Rate: DefaultRate, EditedBy: by, Edits: map[workflow.MessageID][]byte{}}
	for i := range s.All {
		if e := &s.All[i]; e.Sent() || rejected && e.Changed() {
			selection.Letters = append(selection.Letters, e.Letter)
			selection.Edits[e.Letter.ID] = e.Body
		}
	}
	return selection
}
