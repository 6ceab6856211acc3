package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// hostile are texts that a terminal or a careless program stumbles over.
func hostile() []string {
	return []string{
		"\u009b2J\u009b31mred", "\u001b]0;owned\u0007\u001b[2J", "\u202egnp.exe\u2066", "e\u0301\u0301\u0301\u0301", "日本語の注文です",
		"👩‍👩‍👧‍👦👍🏽🇩🇪", "a\tb\nc\rd\x00e", "\u200b\u200d\ufeff", "\ufffd\ue000", strings.Repeat("long ", 400), "\u0e33\u0e33", "─│┌\u00ad", "",
		"\u2028\u2029\u0085", strings.Repeat("宽", 90),
	}
}

// haunt fills the cloud with hostile text, by every door that is open to others.
func (s *stage) haunt(random *rand.Rand) {
	s.t.Helper()
	config := s.producer()
	pick := func() string { return hostile()[random.IntN(len(hostile()))] }
	for range 6 {
		escaped, err := json.Marshal(map[string]any{"data": map[string]any{
			"user_id": pick(), "quantity": pick(), "restaurant_id": pick(), pick(): []any{pick(), 1e300, nil},
		}})
		if err != nil {
			s.t.Fatal(err)
		}
		s.sendTo("OrderDeathLetterQueue", map[string]sqstypes.MessageAttributeValue{
			"text":   {DataType: awssdk.String("String.\u00e9"), StringValue: awssdk.String(sendable(pick()))},
			"binary": {DataType: awssdk.String("Binary"), BinaryValue: []byte("\x1b[2J\xff\xfe" + pick())},
		}, string(escaped), sendable(pick()))
	}
	states, table := sfn.NewFromConfig(config), dynamodb.NewFromConfig(config)
	machines, err := states.ListStateMachines(s.t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(machines.StateMachines) != 1 {
		s.t.Fatalf("state machines: %+v, %v", machines, err)
	}
	for i := range 8 {
		input, err := json.Marshal(map[string]string{
			"user_id": pick() + "!", "restaurant_id": pick() + "!", "quantity": pick() + "!", "id": fmt.Sprintf("haunted-%d", i),
			"created_at": pick(), "order_status": "PENDING",
		})
		if err != nil {
			s.t.Fatal(err)
		}
		started, err := states.StartExecution(s.t.Context(), &sfn.StartExecutionInput{
			StateMachineArn: machines.StateMachines[0].StateMachineArn, Name: awssdk.String(fmt.Sprintf("haunted-%d", i)), Input: awssdk.String(string(input)),
		})
		if err != nil {
			s.t.Fatal(err)
		}
		if i%2 == 0 {
			_, err = states.StopExecution(s.t.Context(), &sfn.StopExecutionInput{
				ExecutionArn: started.ExecutionArn, Error: awssdk.String(sendable(pick())), Cause: awssdk.String(sendable(pick())),
			})
			if err != nil {
				s.t.Fatal(err)
			}
		}
		item := map[string]dynamodbtypes.AttributeValue{}
		for _, name := range []string{"user_id", "id", "restaurant_id", "quantity", "created_at", "order_status", "error_message", "message_id"} {
			item[name] = &dynamodbtypes.AttributeValueMemberS{Value: short(pick()) + fmt.Sprint(i)}
		}
		if _, err := table.PutItem(s.t.Context(), &dynamodb.PutItemInput{TableName: awssdk.String("order-table"), Item: item}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// sendable is text that SQS and Step Functions take: not empty, without the
// control characters that XML 1.0 excludes, and short enough for a cause.
func sendable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff' {
			return '?'
		}
		return r
	}, s)
	return short(s) + "."
}

// short is at most 200 bytes of s.
func short(s string) string {
	return strings.ToValidUTF8(s[:min(len(s), 200)], "")
}

// TestAnySizeAnyText plays at random on screens of random sizes that are full of
// hostile text. The stage checks every frame: exactly as many lines and cells as
// the screen has, and no control characters.
func TestAnySizeAnyText(t *testing.T) {
	t.Parallel()
	presses := []string{
		"1", "2", "3", "4", "5", "6", "enter", "enter", "enter", "esc", "tab", "tab", "shift+tab", "up", "down", "down", "pgdown", "pgup", "home", "end",
		"g", "G", "j", "k", "/", "?", ":", "!", "s", "S", "r", "i", "R", "p", "a", "x", "u", "y", "Y", "e", "space", "ctrl+r", "ctrl+u", "backspace", "é", "日", "7",
		"|", "f", "z", "z", "P", "left", "right", "n", "N", "v", "ctrl+a", "w", "l", "o", "c",
		"d", "h", "m", "t", "A", "C", "D", "F", "I", "J", "K", "L", "U", "V", "X", "ctrl+p", "ctrl+e", // but not E, which would write files
	}
	for seed := range uint64(40) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			size := func() (int, int) { return 20 + random.IntN(281), 5 + random.IntN(96) }
			synctest.Test(t, func(t *testing.T) {
				w, h := size()
				s := open(t, setting{w: w, h: h, noColour: random.IntN(4) == 0, light: random.IntN(4) == 0})
				s.pass(time.Second)
				s.haunt(random)
				s.pass(time.Second)
				if random.IntN(2) == 0 { // half of them look into the dead letters
					s.press("4", "i", "tab", "enter")
					s.pass(2 * time.Second)
				}
				for range 40 {
					switch random.IntN(20) {
					case 0:
						w, h = size()
						s.resize(w, h)
					case 1:
						s.program.Send(tea.PasteMsg{Content: hostile()[random.IntN(len(hostile()))]})
					case 2:
						s.program.Send(tea.MouseClickMsg{X: random.IntN(w), Y: random.IntN(h), Button: tea.MouseLeft})
					case 3:
						s.program.Send(tea.MouseWheelMsg{X: random.IntN(w), Y: random.IntN(h), Button: tea.MouseWheelDown})
					case 4:
						s.pass(time.Duration(random.IntN(5000)) * time.Millisecond)
					default:
						s.program.Send(key(presses[random.IntN(len(presses))]))
					}
					s.pass(40 * time.Millisecond)
				}
				s.press("esc", "esc", "esc", "esc", "esc", "esc") // goes back, and never quits
				select {
				case err := <-s.ended:
					t.Errorf("the program ended by itself: %v", err)
					s.ended <- err
				default:
				}
				s.faithful()
				if title := s.screen.State().Title; title != "" && !strings.HasPrefix(title, "orderops") {
					t.Errorf("the window's title became %q", title)
				}
			})
		})
	}
}
