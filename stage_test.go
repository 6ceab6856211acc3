package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"orderops/aws/deploy"
	"orderops/aws/function"
	"orderops/aws/local"
	"orderops/aws/local/logs"
	"orderops/aws/local/wire"
	"orderops/aws/playground"
	"orderops/aws/rehearsal"
	"orderops/config"
	"orderops/ui"
	"orderops/ui/jq"
	"orderops/ui/termtest/vtscreen"
	"orderops/workflow"
)

// opening is when every stage opens its curtain: a bubble begins in 2000, before
// AWS could redrive executions.
var opening = time.Date(2026, 11, 23, 7, 44, 0, 0, time.UTC)

// stage is the whole program in virtual time: the dashboard on a local cloud,
// driven by messages and seen through a screen. Every frame that it draws is
// checked. A stage lives inside a synctest bubble.
type stage struct {
	t       *testing.T
	cloud   *local.Cloud
	program *tea.Program
	screen  *vtscreen.Screen
	watched *watched
	ended   chan error
	written written
	// settled is how long the answer to a key takes to be drawn.
	settled time.Duration
	// redriving is how much longer RedriveExecution takes, in nanoseconds.
	redriving atomic.Int64

	mu      sync.Mutex
	refuse  func(call local.Call) *wire.Error // nil lets every call through
	refused int
}

// setting is how a stage is set. The zero value is a dark terminal of 80×24.
type setting struct {
	w, h     int
	noColour bool
	light    bool
	readOnly bool
	wait     time.Duration
	// ask asks the operator something before it connects.
	ask func(prompt workflow.Prompt) error
	// connect connects in place of connectLocal; nil does not.
	connect func(cloud *local.Cloud) func(context.Context) (*ui.Connection, error)
	// silent lets nothing arrive in the logs.
	silent bool
	// running is how many executions have begun a quarter of an hour before the
	// program starts; begun asks for them.
	running int
	begun   bool
	// decline is the share of payments that fail.
	decline float64
	// notify is how news are told.
	notify string
	// fps are the frames per second; 0 means as many as in life. Ticks are what
	// hours of virtual time cost most.
	fps int
}

// open raises the curtain: the program runs, and connects. The test ends it.
func open(t *testing.T, set setting) *stage {
	t.Helper()
	if set.w == 0 {
		set.w, set.h = 80, 24
	}
	if set.fps == 0 {
		set.fps = ui.FramesPerSecond
	}
	time.Sleep(time.Until(opening))
	s := &stage{t: t, screen: vtscreen.New(set.w, set.h, nil, vtscreen.Replies{}), ended: make(chan error, 1)}
	s.settled = 100*time.Millisecond + time.Second*3/2/time.Duration(set.fps)
	s.cloud = local.New(local.Options{Seed: 20, Intercept: s.intercept})

	settings := config.Default()
	settings.Local, settings.Seed, settings.ReadOnly, settings.Wait = true, 20, set.readOnly, set.wait
	settings.PaymentFailureRate, settings.RestaurantFailureRate = set.decline, 0
	if err := playground.DeployOn(s.cloud, rehearsal.New(rehearsal.Quiet(), playground.FunctionsKey), settings); err != nil {
		t.Fatal(err)
	}
	if set.silent {
		s.cloud.DeliverLogs(logs.Delivery{Loss: 1})
	}
	if set.running > 0 {
		s.start(set.running)
		time.Sleep(15 * time.Minute)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context())) // the test's own ends before its cleanup
	archive := t.TempDir()
	model := ui.New(ctx, ui.Options{
		Local: true, Compile: jq.Compile, Guard: workflow.NewGuard(set.readOnly, false, 0), NoColour: set.noColour, Notify: set.notify,
		Connect: func(ctx context.Context) (*ui.Connection, error) {
			if set.ask != nil {
				if err := set.ask(workflow.PromptOf(ctx)); err != nil {
					return nil, err
				}
			}
			connecting := func(ctx context.Context) (*ui.Connection, error) {
				return connectLocal(ctx, settings, s.cloud, archive)
			}
			if set.connect != nil {
				connecting = set.connect(s.cloud)
			}
			connection, err := connecting(ctx)
			if err == nil {
				err = s.slow(set)
			}
			return connection, err
		},
	})
	s.watched = &watched{Model: model}
	s.program = tea.NewProgram(
		s.watched, tea.WithContext(ctx), tea.WithInput(nil), tea.WithOutput(cooked{s.screen, &s.written}), tea.WithoutSignals(),
		tea.WithFPS(set.fps), tea.WithWindowSize(set.w, set.h), tea.WithColorProfile(colorprofile.TrueColor),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}),
	)
	go func() {
		_, err := s.program.Run()
		s.ended <- err
	}()
	t.Cleanup(func() {
		s.close()
		cancel()
	})
	if set.light {
		s.program.Send(tea.BackgroundColorMsg{Color: ansi.RGBColor{R: 255, G: 255, B: 255}})
	}
	return s
}

// cooked is a screen behind a terminal line that is not in raw mode, as Bubble
// Tea takes it to be without an input: a line feed also returns the carriage.
type cooked struct {
	screen  *vtscreen.Screen
	written *written
}

// written is all that went to the terminal.
type written struct {
	mu  sync.Mutex
	all bytes.Buffer
}

// notifications are the desktop notifications (OSC 9) so far.
func (s *stage) notifications() (told []string) {
	s.written.mu.Lock()
	defer s.written.mu.Unlock()
	for _, found := range regexp.MustCompile("\x1b\\]9;([^\x07]*)\x07").FindAllSubmatch(s.written.all.Bytes(), -1) {
		told = append(told, string(found[1]))
	}
	return told
}

// bells is how often the bell was rung. The end of an OSC sequence rings none.
func (s *stage) bells() int {
	s.written.mu.Lock()
	defer s.written.mu.Unlock()
	return bytes.Count(regexp.MustCompile("\x1b\\][^\x07\x1b]*\x07").ReplaceAll(s.written.all.Bytes(), nil), []byte("\a"))
}

func (c cooked) Write(p []byte) (int, error) {
	c.written.mu.Lock()
	c.written.all.Write(p)
	c.written.mu.Unlock()
	if _, err := c.screen.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// close ends the program and the cloud, and lets the last timer run out.
func (s *stage) close() {
	s.program.Quit()
	if err := <-s.ended; err != nil {
		s.t.Errorf("the program ended with %v", err)
	}
	s.cloud.Close()
	time.Sleep(2 * time.Minute)
	synctest.Wait()
	s.watched.report(s.t)
	if unknown := s.screen.State().Unknown; len(unknown) > 0 {
		s.t.Errorf("the screen was sent what it does not know: %q", unknown)
	}
}

// latency is how long the local cloud takes for an operation. Each has a time of
// its own, so that no two kinds of answers come at the same instant, in an order
// that nobody decides.
func latency(call local.Call) time.Duration {
	milliseconds := map[string]int{"sqs": 11, "dynamodb": 7, "states": 23, "sts": 60, "cloudformation": 80, "sns": 15}[call.Service]
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(call.AccessKey + call.Action())) // never fails
	return time.Duration(milliseconds)*time.Millisecond + time.Duration(sum.Sum32()%999_983)
}

func (s *stage) intercept(ctx context.Context, call local.Call) *wire.Error {
	if call.Operation != "ReceiveMessage" || call.AccessKey == playground.OperatorKey {
		takes := latency(call)
		if call.Operation == "RedriveExecution" {
			takes += time.Duration(s.redriving.Load())
		}
		timer := time.NewTimer(takes)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refuse == nil || call.AccessKey != playground.OperatorKey {
		return nil
	}
	refusal := s.refuse(call)
	if refusal != nil {
		s.refused++
	}
	return refusal
}

// refusing makes the cloud refuse calls of the operator; nil ends it.
func (s *stage) refusing(refuse func(call local.Call) *wire.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuse, s.refused = refuse, 0
}

func (s *stage) refusals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// logger is what a function of the stage logs to.
func (s *stage) logger(name string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(deploy.Log(s.cloud, map[string]string{"AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/" + name}), nil))
}

// slow lets payment and restaurant take their time, as they do in the world.
func (s *stage) slow(set setting) error {
	for kind, as := range map[string]struct {
		name     string
		took     time.Duration
		variable string
		rate     float64
	}{
		function.Payment:    {"OrderPayment", 212 * time.Millisecond, "PAYMENT_FAILURE_RATE", set.decline},
		function.Restaurant: {"OrderRestaurant", 148 * time.Millisecond, "RESTAURANT_FAILURE_RATE", 0},
	} {
		work, err := function.Handler(kind, awssdk.Config{}, map[string]string{"RANDOM_SEED": "20", as.variable: fmt.Sprint(as.rate)}, function.WithLogger(s.logger(as.name)))
		if err != nil {
			return err
		}
		s.cloud.Function(as.name, func(ctx context.Context, payload []byte) ([]byte, error) {
			time.Sleep(as.took)
			return work(ctx, payload)
		})
	}
	return nil
}

// pass lets virtual time go by, and what is due in it happen and be drawn.
func (s *stage) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// settle lets the answer to the last key be drawn.
func (s *stage) settle() { s.pass(s.settled) }

// press presses keys, by the names that the bindings have.
func (s *stage) press(names ...string) {
	for _, name := range names {
		s.program.Send(key(name))
		synctest.Wait()
	}
	s.settle()
}

// enter types text as the keyboard does, rune by rune.
func (s *stage) enter(text string) {
	for _, r := range text {
		s.program.Send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
	s.settle()
}

func key(name string) tea.KeyPressMsg {
	k := tea.KeyPressMsg{}
	for _, mod := range []struct {
		prefix string
		mod    tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"shift+", tea.ModShift}} {
		if rest, ok := strings.CutPrefix(name, mod.prefix); ok {
			name, k.Mod = rest, k.Mod|mod.mod
		}
	}
	special := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
	}
	switch code, ok := special[name]; {
	case ok:
		k.Code = code
	case name == "space":
		k.Code, k.Text = tea.KeySpace, " "
	default:
		k.Code = []rune(name)[0]
		if k.Mod == 0 {
			k.Text = name
		}
	}
	return k
}

// resize changes the size of the terminal.
func (s *stage) resize(w, h int) {
	s.screen.Resize(w, h)
	s.program.Send(tea.WindowSizeMsg{Width: w, Height: h})
	s.settle()
}

// shows fails unless the screen shows every text.
func (s *stage) shows(texts ...string) {
	s.t.Helper()
	seen := s.screen.Text()
	for _, text := range texts {
		if !strings.Contains(seen, text) {
			s.t.Errorf("%q is not on the screen:\n%s", text, seen)
		}
	}
}

// hides fails if the screen shows any text.
func (s *stage) hides(texts ...string) {
	s.t.Helper()
	seen := s.screen.Text()
	for _, text := range texts {
		if strings.Contains(seen, text) {
			s.t.Errorf("%q is on the screen:\n%s", text, seen)
		}
	}
}

// calls are what the operator asked for while f ran, by IAM action.
func (s *stage) calls(f func()) map[string]int {
	before := s.cloud.Calls(playground.OperatorKey)
	f()
	after := s.cloud.Calls(playground.OperatorKey)
	for action, n := range before {
		if after[action] -= n; after[action] == 0 {
			delete(after, action)
		}
	}
	return after
}

// producer is a client that is neither the operator nor a function.
func (s *stage) producer() awssdk.Config {
	return awssdk.Config{
		Region: s.cloud.Region(), BaseEndpoint: awssdk.String(s.cloud.URL()), HTTPClient: s.cloud.HTTPClient(),
		Credentials: credentials.NewStaticCredentialsProvider("LOCALPRODUCER", "local", ""),
		Retryer:     func() awssdk.Retryer { return retry.AddWithMaxAttempts(retry.NewStandard(), 1) },
	}
}

func (s *stage) queueURL(name string) *string {
	return awssdk.String(s.cloud.URL() + "/" + s.cloud.Account() + "/" + name)
}

// send puts bodies on the order queue.
func (s *stage) send(bodies ...string) {
	s.t.Helper()
	s.sendTo("OrderQueue", nil, bodies...)
}

func (s *stage) sendTo(queue string, attributes map[string]sqstypes.MessageAttributeValue, bodies ...string) {
	s.t.Helper()
	client := sqs.NewFromConfig(s.producer())
	for _, body := range bodies {
		_, err := client.SendMessage(s.t.Context(), &sqs.SendMessageInput{
			QueueUrl: s.queueURL(queue), MessageBody: &body, MessageAttributes: attributes,
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// order is the body of an order.
func order(user string, quantity int, restaurant string) string {
	return fmt.Sprintf(`{"data":{"user_id":%q,"quantity":"%d","restaurant_id":%q}}`, user, quantity, restaurant)
}

// start starts executions apart from the queue, as many as told.
func (s *stage) start(n int) {
	s.t.Helper()
	client := sfn.NewFromConfig(s.producer())
	machines, err := client.ListStateMachines(s.t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(machines.StateMachines) != 1 {
		s.t.Fatalf("state machines: %+v, %v", machines, err)
	}
	for i := range n {
		name := fmt.Sprintf("parked-%d-%04d", time.Since(opening)/time.Millisecond, i)
		input, err := json.Marshal(map[string]string{
			"user_id": "Burger_" + fmt.Sprint(i%40), "restaurant_id": "Restaurant 4", "quantity": "3", "id": name,
			"created_at": time.Now().UTC().Format(time.RFC3339), "order_status": "PENDING",
		})
		if err != nil {
			s.t.Fatal(err)
		}
		_, err = client.StartExecution(s.t.Context(), &sfn.StartExecutionInput{
			StateMachineArn: machines.StateMachines[0].StateMachineArn, Name: &name, Input: awssdk.String(string(input)),
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}
