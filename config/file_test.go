package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orderops/config"
)

const twoContexts = `current: staging # for every day
contexts:
  - name: staging
    profile: shop-staging
    region: eu-west-1
    stack: order-system
  - name: production
    profile: shop
    region: eu-central-1
    production: true
    unlock_minutes: 5
    budget_share: 0.05
    theme: light
    journal_days: 7
`

// environment makes a lookup of a few variables.
func environment(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
}

func none(string) bool { return false }

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFlagsAndEnvironmentStandAboveTheContext(t *testing.T) {
	t.Parallel()
	path := write(t, twoContexts)
	flags := config.Default()
	flags.Profile = "mine"
	s, err := config.Choose(flags, environment(map[string]string{"ORDEROPS_CONFIG": path, "ORDEROPS_STACK": "other"}), none)
	if err != nil {
		t.Fatal(err)
	}
	if s.Context != "staging" || s.Profile != "mine" || s.Stack != "other" || s.Region != "eu-west-1" {
		t.Errorf("got %+v", s)
	}
}

func TestContextsAreChosenByFlagThenEnvironmentThenFile(t *testing.T) {
	t.Parallel()
	path := write(t, twoContexts)
	for _, test := range []struct {
		name, flag, variable, want string
	}{
		{"the file's", "", "", "staging"},
		{"the variable's", "", "production", "production"},
		{"the flag's", "staging", "production", "staging"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			flags := config.Default()
			flags.Context = test.flag
			s, err := config.Choose(flags, environment(map[string]string{"ORDEROPS_CONFIG": path, "ORDEROPS_CONTEXT": test.variable}),
				func(flag string) bool { return flag == config.FlagContext && test.flag != "" })
			if err != nil || s.Context != test.want {
				t.Errorf("got %q, %v; want %q", s.Context, err, test.want)
			}
		})
	}
}

func TestGuardRailsOnlyAddUp(t *testing.T) {
	t.Parallel()
	path := write(t, "contexts: [{name: view, read_only: true, production: true}]")
	flags := config.Default()
	flags.Context, flags.ReadOnly = "view", false
	s, err := config.Choose(flags, environment(map[string]string{"ORDEROPS_CONFIG": path, "ORDEROPS_READ_ONLY": "false"}),
		func(flag string) bool { return flag == config.FlagReadOnly })
	if err != nil {
		t.Fatal(err)
	}
	if !s.ReadOnly || !s.Production || s.UnlockFor != config.DefaultUnlock {
		t.Errorf("read-only %v, production %v, unlocked for %v", s.ReadOnly, s.Production, s.UnlockFor)
	}
}

func TestSwitchingLeavesTheFirstDeploymentBehind(t *testing.T) {
	t.Parallel()
	flags := config.Default()
	flags.Stack, flags.ReadOnly, flags.ConfigFile = "only-here", true, write(t, twoContexts)
	first, err := config.Choose(flags, environment(nil), none)
	if err != nil {
		t.Fatal(err)
	}
	if first.Stack != "only-here" {
		t.Errorf("the first stack is %q", first.Stack)
	}
	second, err := first.Choice.Switch("production")
	if err != nil {
		t.Fatal(err)
	}
	if second.Stack != "" || second.Profile != "shop" || second.UnlockFor != 5*time.Minute || second.BudgetShare != 0.05 || second.Theme != "light" {
		t.Errorf("got %+v", second)
	}
	if !second.ReadOnly {
		t.Error("a session that was started read-only may change something after a switch")
	}
}

func TestTheJournalIsKeptAsLongAsIsSet(t *testing.T) {
	t.Parallel()
	path := write(t, twoContexts)
	for _, test := range []struct {
		context, variable string
		want              int
	}{{"staging", "", 0}, {"production", "", 7}, {"production", "90", 90}} {
		flags := config.Default()
		flags.Context = test.context
		s, err := config.Choose(flags, environment(map[string]string{"ORDEROPS_CONFIG": path, "ORDEROPS_JOURNAL_DAYS": test.variable}), none)
		if err != nil || s.JournalDays != test.want {
			t.Errorf("%s with %q: %d days, %v; want %d", test.context, test.variable, s.JournalDays, err, test.want)
		}
		if next, err := s.Choice.Switch("production"); err != nil || test.variable != "" && next.JournalDays != test.want {
			t.Errorf("switched from %s with %q: %d days, %v", test.context, test.variable, next.JournalDays, err)
		}
	}
	for _, wrong := range []string{"0", "-1", "soon", "3651"} {
		_, err := config.Choose(config.Default(), environment(map[string]string{"ORDEROPS_CONFIG": path, "ORDEROPS_JOURNAL_DAYS": wrong}), none)
		if err == nil || !strings.Contains(err.Error(), "ORDEROPS_JOURNAL_DAYS") {
			t.Errorf("%s days: %v", wrong, err)
		}
	}
}

func TestLocalLooksAtNoFile(t *testing.T) {
	t.Parallel()
	flags := config.Default()
	flags.Local = true
	s, err := config.Choose(flags, environment(map[string]string{"ORDEROPS_CONFIG": write(t, "no: yaml: at all")}), none)
	if err != nil || s.Context != "" {
		t.Errorf("got %q, %v", s.Context, err)
	}
}

func TestMissingFileIsNoneUnlessItWasNamed(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if _, err := config.Choose(config.Default(), environment(map[string]string{"HOME": home}), none); err != nil {
		t.Errorf("no file at the usual place: %v", err)
	}
	_, err := config.Choose(config.Default(), environment(map[string]string{"ORDEROPS_CONFIG": filepath.Join(home, "none.yaml")}), none)
	if _, ok := errors.AsType[*config.FileError](err); !ok {
		t.Errorf("a named file that is not there: %v", err)
	}
}

func TestMistakesAreToldWithTheirPlace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, content, want string }{
		{"unknown field", "contexts:\n  - name: a\n    regoin: eu-west-1\n", `c.yaml:3:5: there is no setting "regoin". Did you mean region?`},
		{"wrong type", "contexts:\n  - name: a\n    production: perhaps\n", "c.yaml:3:17: "},
		{"no YAML", "contexts: [\n", "c.yaml:"},
		{"two of a name", "contexts:\n  - name: a\n  - name: a\n", `c.yaml:3:11: "a" is the name of two contexts`},
		{"no name", "contexts:\n  - region: eu-west-1\n", `c.yaml:2:`},
		{"region", "contexts:\n  - name: a\n    region: Europe!\n", `c.yaml:3:13: "Europe!" is no region's name`},
		{"state machine", "contexts:\n  - name: a\n    state_machine: nonsense\n", `c.yaml:3:20: "nonsense" is no state machine's ARN`},
		{"endpoint", "contexts:\n  - name: a\n    endpoint_url: nonsense\n", `c.yaml:3:19: is no http or https URL`},
		{"unlocking for a day", "contexts:\n  - name: a\n    unlock_minutes: 1440\n", `c.yaml:3:21: 1440 is no whole number of minutes`},
		{"kept for ever", "contexts:\n  - name: a\n    journal_days: 9999\n", `c.yaml:3:19: 9999 is no whole number of days`},
		{"a share of all", "contexts:\n  - name: a\n    budget_share: 1\n", `c.yaml:3:19: 1 is no share`},
		{"theme", "contexts:\n  - name: a\n    theme: mauve\n", `c.yaml:3:12: "mauve" is no theme`},
		{"current", "current: b\ncontexts:\n  - name: a\n", `c.yaml:1:10: there is no context "b". There are a.`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := config.ParseFile("c.yaml", []byte(test.content))
			if err == nil || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestAnyFileIsReadOrRefused(t *testing.T) {
	t.Parallel()
	for _, content := range []string{"", "# nothing\n", "contexts: []", "current:"} {
		if _, err := config.ParseFile("c.yaml", []byte(content)); err != nil {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func FuzzParseFile(f *testing.F) {
	f.Add([]byte(twoContexts))
	f.Add([]byte("contexts: [{name: &a x}, *a]"))
	f.Add([]byte("- - - :"))
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := config.ParseFile("c.yaml", content)
		if err != nil {
			if _, ok := errors.AsType[*config.FileError](err); !ok {
				t.Errorf("%v is no FileError", err)
			}
			return
		}
		for _, name := range file.Names() {
			if _, err := file.Find(name); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestInitWritesAFileThatCanBeUsed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "config.yaml")
	if err := config.Init(path); err != nil {
		t.Fatal(err)
	}
	file, err := config.ReadFile(path, true)
	if err != nil || len(file.Contexts) == 0 {
		t.Errorf("got %+v, %v", file, err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := config.Init(path); err == nil {
		t.Error("an existing file was written over")
	}
}

func TestUseChangesOneLine(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]string{
		"a line with a comment": twoContexts,
		"no line":               strings.TrimPrefix(twoContexts, "current: staging # for every day\n"),
		"an empty value":        strings.Replace(twoContexts, "current: staging", "current:", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := write(t, before)
			if err := config.Use(path, "production"); err != nil {
				t.Fatal(err)
			}
			after, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, rest, _ := strings.Cut(before, "contexts:")
			if file, err := config.ParseFile(path, after); err != nil || file.Current != "production" || !strings.HasSuffix(string(after), rest) {
				t.Errorf("current %q, %v, in\n%s", file.Current, err, after)
			}
			if strings.Contains(before, "#") != strings.Contains(string(after), "# for every day") {
				t.Errorf("the comment was not kept:\n%s", after)
			}
		})
	}
}

func TestUseRefusesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	path := write(t, twoContexts)
	if err := config.Use(path, "nowhere"); err == nil || !strings.Contains(err.Error(), "staging, production") {
		t.Errorf("got %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != twoContexts {
		t.Errorf("the file was changed: %v", err)
	}
}

func TestPathsFollowTheBaseDirectories(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		environment map[string]string
		file, state string
	}{
		{"home", map[string]string{"HOME": "/home/ann"}, "/home/ann/.config/orderops/config.yaml", "/home/ann/.local/state/orderops/x"},
		{
			"base directories",
			map[string]string{"HOME": "/home/ann", "XDG_CONFIG_HOME": "/etc/ann", "XDG_STATE_HOME": "/var/ann"},
			"/etc/ann/orderops/config.yaml", "/var/ann/orderops/x",
		},
		{"relative ones are ignored", map[string]string{"HOME": "/home/ann", "XDG_CONFIG_HOME": "etc"}, "/home/ann/.config/orderops/config.yaml", "/home/ann/.local/state/orderops/x"},
		{"by name", map[string]string{"HOME": "/home/ann", "ORDEROPS_CONFIG": "here.yaml"}, "here.yaml", "/home/ann/.local/state/orderops/x"},
		{"homeless", nil, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := config.FilePath(environment(test.environment)); got != test.file {
				t.Errorf("file %q, want %q", got, test.file)
			}
			if got := config.StatePath(environment(test.environment), "x"); got != test.state {
				t.Errorf("state %q, want %q", got, test.state)
			}
		})
	}
}

// Keys of one context can be those of another, and a digit is a key too.
func TestKeysAreSharedByAnchors(t *testing.T) {
	t.Parallel()
	file, err := config.ParseFile("c.yaml", []byte("contexts:\n  - name: a\n    keys: &mine\n      quit: [Q, 7]\n      help: f1\n  - name: b\n    keys: *mine\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Contexts {
		if len(c.Keys["quit"]) != 2 || c.Keys["quit"][0] != "Q" || c.Keys["quit"][1] != "7" || len(c.Keys["help"]) != 1 || c.Keys["help"][0] != "f1" {
			t.Errorf("%s: got %v", c.Name, c.Keys)
		}
	}
	err = file.CheckKeys(func(map[string][]string) (name, reason, next string) { return "quit", "is wrong", "Mend it." })
	if err == nil || err.Error() != "c.yaml:3:11: is wrong. Mend it." {
		t.Errorf("got %v", err)
	}
}

// The pace of the flag or the variable wins over the context's.
func TestRefreshIsChosen(t *testing.T) {
	t.Parallel()
	path := write(t, "current: a\ncontexts:\n  - name: a\n    refresh: 20s\n  - name: b\n")
	for _, test := range []struct {
		name     string
		flag     time.Duration
		variable string
		want     time.Duration
		fails    bool
	}{
		{"the context's", 0, "", 20 * time.Second, false},
		{"the variable's", 0, "30s", 30 * time.Second, false},
		{"the flag's", 10 * time.Second, "30s", 10 * time.Second, false},
		{"no time", 0, "soon", 0, true},
		{"too long", 0, "1h", 0, true},
		{"negative", -time.Second, "", 0, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			flags := config.Default()
			flags.Refresh = test.flag
			s, err := config.Choose(flags, environment(map[string]string{"ORDEROPS_CONFIG": path, "ORDEROPS_REFRESH": test.variable}),
				func(flag string) bool { return flag == config.FlagRefresh && test.flag != 0 })
			if (err != nil) != test.fails || err == nil && s.Refresh != test.want {
				t.Errorf("got %s, %v", s.Refresh, err)
			}
			if err == nil && test.flag == 0 && test.variable == "" {
				if other, err := s.Choice.Switch("b"); err != nil || other.Refresh != 0 {
					t.Errorf("the other context has %s, %v", other.Refresh, err)
				}
			}
		})
	}
}
