package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"orderops/ui/action"
	"orderops/ui/jq"
	"orderops/ui/keys"
	"orderops/ui/screen/activity"
	"orderops/ui/screen/deadletters"
	"orderops/ui/screen/executions"
	"orderops/ui/screen/orders"
	"orderops/ui/screen/overview"
	"orderops/ui/screen/submit"
	"orderops/ui/termtest/vtscreen"
	"orderops/workflow"
	"orderops/workflow/monitor"
)

// TestPictures keeps the pictures of the documentation as the program draws them.
func TestPictures(t *testing.T) {
	t.Parallel()
	for _, picture := range []struct {
		name, title string
		scene       func(s *stage)
	}{
		{"overview", "orderops --local", func(s *stage) {
			s.traffic(22)
			s.press("1")
			s.pass(6 * time.Second)
		}},
		{"execution", "orderops --local", func(s *stage) {
			s.traffic(2)
			s.send(order("Burger_20", 3, "Restaurant 4"))
			s.press("3")
			s.pass(6 * time.Second)
			s.press("g", "enter")
			s.pass(8 * time.Second)
		}},
		{"deadletters", "orderops --local", func(s *stage) {
			s.traffic(2)
			s.spoil()
			s.press("4", "i", "tab", "enter")
			s.pass(4 * time.Second)
			s.press("g")
		}},
	} {
		t.Run(picture.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := open(t, setting{fps: calm, w: 120, h: 26})
				s.pass(2 * time.Second)
				picture.scene(s)
				s.faithful()
				g := &golden{t: t, dir: "docs", keeper: true}
				g.compare(picture.name+".svg", []byte(vtscreen.SVG(s.screen.Snapshot(), vtscreen.SVGOptions{Title: picture.title})))
			})
		})
	}
}

// traffic is orders for some minutes, now more and now fewer, one that can't be
// read among the first, and one whose execution is stopped.
func (s *stage) traffic(minutes int) {
	s.t.Helper()
	users := []string{"Burger_20", "Pizza_7", "Sushi_2", "Pasta_1", "Taco_11", "Ramen_5"}
	sent := 0
	for minute := range minutes {
		began := time.Now()
		if minute == 1 {
			s.send(`{"data":{"user_id":"Burger_9","quantity":"three","restaurant_id":"Restaurant 4"}}`)
		}
		for range 2 + (minute*minute*7+3*minute)%11 {
			s.send(order(users[sent%len(users)], sent%5+1, fmt.Sprintf("Restaurant %d", sent%4+1)))
			sent++
			s.pass(time.Duration(1900+sent*sent*613%2900) * time.Millisecond)
		}
		if minute == minutes/2 {
			s.stop()
		}
		if minute < minutes-1 {
			s.pass(time.Until(began.Add(time.Minute)))
		}
	}
}

// stop stops the newest execution, as another operator would.
func (s *stage) stop() {
	s.t.Helper()
	client := sfn.NewFromConfig(s.producer())
	machines, err := client.ListStateMachines(s.t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(machines.StateMachines) != 1 {
		s.t.Fatalf("state machines: %+v, %v", machines, err)
	}
	list, err := client.ListExecutions(s.t.Context(), &sfn.ListExecutionsInput{
		StateMachineArn: machines.StateMachines[0].StateMachineArn, StatusFilter: sfntypes.ExecutionStatusRunning,
	})
	if err != nil || len(list.Executions) == 0 {
		s.t.Fatalf("executions: %+v, %v", list, err)
	}
	_, err = client.StopExecution(s.t.Context(), &sfn.StopExecutionInput{
		ExecutionArn: list.Executions[0].ExecutionArn, Error: awssdk.String("Restaurant.Closed"), Cause: awssdk.String("closed for today"),
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// spoil sends what no consumer can read, at different times, and waits until it
// is dead.
func (s *stage) spoil() {
	s.send(`{"data":{"user_id":"Burger_9","quantity":"three","restaurant_id":"Restaurant 4"}}`)
	s.pass(47 * time.Second)
	s.send(`{"user_id":"Sushi_2","quantity":"1","restaurant_id":"Restaurant 3"}`)
	s.pass(4 * time.Minute)
	s.send("Burger_20, 3, Restaurant 4")
	s.pass(30 * time.Second)
	s.sendTo("OrderDeathLetterQueue", nil, order("Taco_11", 2, "Restaurant 1"))
	s.pass(8 * time.Second)
}

// documented is a screen as docs/keys.md tells of it.
type documented interface {
	Actions() []action.Action
	Show(open action.Open) tea.Cmd
	Update(msg tea.Msg) tea.Cmd
}

// screens are the six screens in every state that has keys of its own.
func screens() map[string]documented {
	world := &action.World{Store: monitor.NewStore()}
	detail := executions.New(world)
	detail.Show(action.Open{Screen: action.Executions, Select: "arn:aws:states:us-east-1:000000000000:execution:m:e", Detail: true})
	groups, message, twins, edit := letters(world)
	rest := submit.New(world)
	rest.Update(key("esc"))
	return map[string]documented{
		"1 Overview": overview.New(world), "2 Orders": orders.New(world), "3 Executions": executions.New(world),
		"3 Executions: one execution": detail, "4 Dead letters": deadletters.New(world),
		"4 Dead letters: groups": groups, "4 Dead letters: one message": message, "4 Dead letters: two compared": twins, "4 Dead letters: an edit": edit,
		"5 Submit: typing": submit.New(world), "5 Submit: not typing": rest, "6 Activity": activity.New(world),
	}
}

// letters are the screen of dead letters in its other states.
func letters(world *action.World) (groups, message, twins, edit *deadletters.Screen) {
	world = &action.World{Store: monitor.NewStore(), Compile: jq.Compile, Context: context.Background(), Editor: "vi", Desk: world.Desk}
	for _, id := range []workflow.MessageID{"a", "b"} {
		letter := workflow.Judge(workflow.Message{ID: id, Body: []byte(order("u", 1, "r"))}, workflow.Queue{}, workflow.Queue{})
		world.Store.Apply(monitor.DeadLettersRead{Letters: []workflow.DeadLetter{letter}})
	}
	in := func(names ...string) *deadletters.Screen {
		s := deadletters.New(world)
		s.Refresh()
		for _, name := range names {
			if name == "space" {
				s.Update(key(name))
				continue
			}
			for _, a := range s.Actions() {
				if !a.Binding.Match(key(name)) {
					continue
				}
				if cmd := a.Run(); cmd != nil {
					asked, _ := cmd().(action.Edit)
					s.Update(asked.Then(".")())
				}
				break
			}
		}
		return s
	}
	return in("t"), in("enter"), in("space", "space", "x"), in("J")
}

// ownActions are the actions of a screen's state; of the dead letters' other
// states only those that the list does not have.
func ownActions(title string, screen documented) []action.Action {
	const list = "4 Dead letters"
	all := screen.Actions()
	if !strings.HasPrefix(title, list+":") {
		return all
	}
	base := screens()[list].Actions()
	return slices.DeleteFunc(all, func(a action.Action) bool {
		return slices.ContainsFunc(base, func(b action.Action) bool { return a.Title == b.Title && a.Binding.Name() == b.Binding.Name() })
	})
}

// ownLabel names the keys of one action: the last line of the screen tells of two
// that belong together by one label.
func ownLabel(b keys.Binding) string {
	if b.Label != "" && b.Label != "←/→" {
		return b.Label
	}
	names := strings.Join(b.Keys, " ")
	if arrows := strings.NewReplacer("left", "←", "right", "→").Replace(names); len(b.Keys) <= 2 && !strings.Contains(names, "+") && arrows != names {
		return arrows
	}
	return ""
}

// TestKeys keeps docs/keys.md as the bindings are.
func TestKeys(t *testing.T) {
	t.Parallel()
	global := keys.Global()
	sections := global.Sections()
	var own []keys.Section
	for title, screen := range screens() {
		section := keys.Section{Title: title}
		for _, a := range ownActions(title, screen) {
			section.Bindings = append(section.Bindings, keys.Binding{Keys: a.Binding.Keys, Label: ownLabel(a.Binding), Help: a.Title})
		}
		own = append(own, section)
	}
	slices.SortFunc(own, func(a, b keys.Section) int { return cmp.Compare(a.Title, b.Title) })
	var text strings.Builder
	text.WriteString("# Keys\n\nMade from the bindings of the program by `make golden`. `?` shows those that apply where you are, `:` finds them by name. " +
		"The names are for your own keys in the [configuration](configuration.md#keys); what has none always has the keys that are told.\n\n")
	text.WriteString(keys.Markdown(append(sections, own...), func(section string, b keys.Binding) string {
		n, ok := keys.NameOf(placeOf(section), b)
		if !ok || n.Fixed {
			return ""
		}
		return n.Name
	}))
	(&golden{t: t, dir: "docs", keeper: true}).compare("keys.md", []byte(text.String()))
}

// placeOf is the screen in the names of the keys of a section.
func placeOf(section string) string {
	for s := action.Overview; s <= action.Activity; s++ {
		if strings.HasPrefix(section, fmt.Sprintf("%d %s", s, s.Name())) {
			return s.Place()
		}
	}
	return ""
}

// TestEveryKeyHasAName: an operator can give another key to every action, and no
// name is left of an action that is gone.
func TestEveryKeyHasAName(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	named := func(section string, b keys.Binding) {
		n, ok := keys.NameOf(placeOf(section), b)
		if !ok {
			t.Errorf("%s: %q (%s) has no name: give it one in ui/keys/names.go", section, b.Name(), b.Help)
		}
		used[n.Name] = true
	}
	for _, section := range keys.Global().Sections() {
		for _, b := range section.Bindings {
			if _, err := keys.Press(b.Keys[0]); err == nil { // what the mouse does is no key
				named("", b)
			}
		}
	}
	for title, screen := range screens() {
		for _, a := range screen.Actions() {
			named(title, a.Binding)
		}
	}
	for _, n := range keys.Names() {
		if !used[n.Name] {
			t.Errorf("nothing has the name %s", n.Name)
		}
	}
}

// TestOneKeyOneMeaning: on no screen do two actions answer to the same key, and
// none takes a key away that opens a screen.
func TestOneKeyOneMeaning(t *testing.T) {
	t.Parallel()
	global := keys.Global()
	for title, screen := range screens() {
		bindings := []keys.Binding{global.Screen1, global.Screen2, global.Screen3, global.Screen4, global.Screen5, global.Screen6, global.Help, global.Palette, global.Interrupt}
		for _, a := range screen.Actions() {
			bindings = append(bindings, a.Binding)
		}
		if doubled := keys.Collisions(bindings); len(doubled) > 0 {
			t.Errorf("%s: %q", title, doubled)
		}
	}
}
