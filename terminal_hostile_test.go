package main

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"orderops/ui/termtest/ptytest"
)

// What somebody may write into an order to harm whoever looks at it: SQS takes
// C1 and bidi characters as they are, control characters as JSON escapes; a
// table and an error's cause take everything.
const (
	escaped = `\u001b[2J\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007`
	direct  = "\u009b31m\u202eevil\u2066\u200b\u0085日本\u0301\u0301\u0301\u0301\u0301\u0301👩\u200d👩"
	control = "\x1b[2J\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\r\n\t\b\x00"
	// mebi is the size of the largest message that SQS takes.
	mebi = 1 << 20
)

// plant puts hostile text through every door of the system.
func plant(t *testing.T, s *server) {
	t.Helper()
	text := func(s string) *string { return &s }
	s.send(t, deadLetterQueue, `{"data":{"user_id":"`+escaped+direct+`","quantity":"`+direct+`","restaurant_id":"R"}}`,
		map[string]types.MessageAttributeValue{
			"order_id": {DataType: text("String"), StringValue: text(direct)},
			"colour":   {DataType: text("String"), StringValue: text(direct + "\n\t" + direct)},
			"picture":  {DataType: text("Binary.png"), BinaryValue: []byte(control + "\x9b\xff" + direct)},
		})
	start, end, unit := `{"data":"`, `"}`, escaped+direct
	s.send(t, deadLetterQueue, start+strings.Repeat(unit, (mebi-len(start)-len(end))/len(unit))+end, nil)

	value := func(s string) dynamodbtypes.AttributeValue { return &dynamodbtypes.AttributeValueMemberS{Value: s} }
	if _, err := s.dynamodb().PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: text("order-table"),
		Item: map[string]dynamodbtypes.AttributeValue{
			"user_id": value("door" + control + direct), "id": value("row" + direct), "restaurant_id": value(control + direct),
			"quantity": value(direct), "order_status": value(direct), "error_message": value(control), "created_at": value(control),
			"message_id": value(direct),
		},
	}); err != nil {
		t.Fatal(err)
	}

	machines, err := s.sfn().ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(machines.StateMachines) != 1 {
		t.Fatalf("state machines %v, %v", machines, err)
	}
	execution, err := s.sfn().StartExecution(t.Context(), &sfn.StartExecutionInput{
		StateMachineArn: machines.StateMachines[0].StateMachineArn, Name: text("hostile"),
		Input: text(`{"user_id":"` + escaped + direct + `","quantity":"` + direct + `","restaurant_id":"` + escaped + `","id":"hostile",` +
			`"created_at":"` + direct + `","order_status":"PENDING","` + escaped + direct + `":[` + strings.Repeat(`"`+direct+`",`, 50) + `null]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "execution that waits", func() bool {
		history, err := s.sfn().GetExecutionHistory(t.Context(), &sfn.GetExecutionHistoryInput{ExecutionArn: execution.ExecutionArn})
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(history.Events, func(e sfntypes.HistoryEvent) bool { return e.Type == sfntypes.HistoryEventTypeWaitStateEntered })
	})
	if _, err := s.sfn().StopExecution(t.Context(), &sfn.StopExecutionInput{
		ExecutionArn: execution.ExecutionArn, Error: text(control + direct), Cause: text(`{"errorMessage":"` + escaped + `"}` + control + direct),
	}); err != nil {
		t.Fatal(err)
	}
}

// Hostile text is shown as text: it moves no border, sends nothing to the
// terminal, and leaves its title and clipboard alone.
func TestTerminalHostileText(t *testing.T) {
	t.Parallel()
	s := serveLocal(t, "127.0.0.1:0", predictable("--wait", "600s")...)
	plant(t, s)
	p := start(t, 120, 40, "--endpoint-url", s.url)
	p.WaitFor("OrderStateMachine")
	title := p.State().Title

	looksAtOrders(t, p)
	looksAtAnExecution(t, p)
	looksAtDeadLetters(t, p)

	typesRaw(p, "")
	p.Paste(direct + control + direct)
	p.WaitFor("evil")
	everySize(t, p)
	p.Key("enter")
	p.WaitFor("[ cancel ]")
	everySize(t, p)
	p.Key("esc")
	p.WaitGone("[ cancel ]")
	stopsTyping(p)
	p.Key("6")
	p.WaitFor("Done in this session")
	everySize(t, p)

	if st := p.State(); st.Title != title || st.Clipboard != "" {
		t.Errorf("the title is %q, was %q; the clipboard has %q", st.Title, title, st.Clipboard)
	}
	quits(t, p)
	harmless(t, p.Raw())
}

func looksAtOrders(t *testing.T, p *ptytest.Term) {
	t.Helper()
	p.Key("2")
	p.WaitFor("hostile")
	p.Key("p") // a page of the table
	p.WaitFor("[ read a page ]")
	p.Key("enter")
	p.WaitFor("door")
	everySize(t, p)
	p.Key("down")
	p.WaitFor(`╭ row\u009b`)
	everySize(t, p)
}

func looksAtAnExecution(t *testing.T, p *ptytest.Term) {
	t.Helper()
	p.Key("3")
	p.WaitMatch(`hostile.*ABORTED|ABORTED.*hostile`)
	everySize(t, p)
	p.Key("enter")
	p.WaitFor("SaveOrder")
	p.WaitFor("input ▾")
	everySize(t, p)
	for _, view := range []struct{ key, shows string }{{"e", "Events ·"}, {"left", "Event "}, {"e", "Event "}, {"z", "Graph"}} {
		p.Key(view.key)
		p.WaitFor(view.shows)
		everySize(t, p)
	}
}

func looksAtDeadLetters(t *testing.T, p *ptytest.Term) {
	t.Helper()
	p.Key("4")
	p.WaitMatch(`Dead letters 2\b`)
	p.Key("i")
	p.WaitFor("[ cancel ]")
	p.Key("y")
	p.WaitFor("2 held")
	p.WaitFor("malformed")
	for _, attributes := range []string{"colour", "no message attributes"} {
		p.WaitFor("[body]")
		everySize(t, p)
		p.Key("tab")
		p.WaitFor("[attributes]")
		p.WaitFor(attributes)
		everySize(t, p)
		p.Key("tab")
		p.WaitFor("[raw]")
		everySize(t, p)
		p.Key("tab")
		p.WaitFor("[hex]")
		everySize(t, p)
		p.Key("enter")
		for _, shown := range []string{"[hex]", "[body]", "[attributes]", "[raw]"} {
			p.WaitFor(shown)
			p.WaitGone("Dead letters (2)")
			p.Key("pgdown", "end")
			everySize(t, p)
			p.Key("tab")
		}
		p.Key("tab", "esc")
		p.WaitFor("Dead letters (2)")
		p.Key("down")
	}
}

// everySize checks the picture narrow and wide.
func everySize(t *testing.T, p *ptytest.Term) {
	t.Helper()
	p.Resize(80, 24)
	straight(t, p)
	p.Resize(120, 40)
	straight(t, p)
}

// harmless expects no control or bidi character in what the terminal got, but
// the ASCII ones that make up the program's own sequences.
func harmless(t *testing.T, output []byte) {
	t.Helper()
	for len(output) > 0 {
		r, n := utf8.DecodeRune(output)
		switch {
		case r == utf8.RuneError && n == 1:
			t.Errorf("invalid UTF-8 was sent: %q", output[:min(len(output), 20)])
			return
		case r >= 0x80 && r <= 0x9f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200b, r == 0x200e, r == 0x200f:
			t.Errorf("%U was sent, in %q", r, output[:min(len(output), 40)])
			return
		}
		output = output[n:]
	}
}
