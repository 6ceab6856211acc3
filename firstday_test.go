package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/ui/termtest/ptytest"
)

// mishap is one of the first things that go wrong for somebody new.
type mishap struct {
	args        []string
	environment []string
	// thing is what is wrong, by name; next is what to do about it.
	thing, next string
	code        int
	// onShell tells that the dashboard does not even open.
	onShell bool
}

// halfAStack is a system that somebody deployed only partly.
const halfAStack = `
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: OrderQueue}}
Outputs:
  OrderQueueUrl: {Value: !Ref Queue}
`

// cloudOf serves a local AWS with a template on it; refuse is asked before each call.
func cloudOf(t *testing.T, stack, template string, refuse func(local.Call) *wire.Error) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	url := "http://" + server.Listener.Addr().String()
	cloud := local.New(local.Options{URL: url, Intercept: func(_ context.Context, call local.Call) *wire.Error {
		if refuse == nil {
			return nil
		}
		return refuse(call)
	}})
	t.Cleanup(cloud.Close)
	if template != "" {
		if err := cloud.Deploy(local.Deployment{Stack: stack, Template: []byte(template), Files: os.ReadFile}); err != nil {
			t.Fatal(err)
		}
	}
	server.Config.Handler = cloud.Handler()
	server.Start()
	t.Cleanup(server.Close)
	return url
}

// mishaps are what the first day brings, each with its own home.
func mishaps(t *testing.T) map[string]mishap {
	t.Helper()
	file := func(name, content string) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	empty := cloudOf(t, "", "", nil)
	half := cloudOf(t, "shop", halfAStack, nil)
	forbidden := cloudOf(t, "", "", func(call local.Call) *wire.Error {
		if call.Service != "cloudformation" {
			return nil
		}
		return &wire.Error{Status: http.StatusForbidden, Type: "AccessDenied", Message: "User: arn:aws:sts::000000000000:assumed-role/New/ann is not authorized to perform: cloudformation:DescribeStacks because no identity-based policy allows the cloudformation:DescribeStacks action"}
	})
	expired := cloudOf(t, "", "", func(local.Call) *wire.Error {
		return &wire.Error{Status: http.StatusForbidden, Type: "ExpiredToken", Message: "The security token included in the request is expired"}
	})
	sso := file("config", "[profile shop]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Operator\nregion = eu-west-1\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n")
	process := file("config", "[profile shop]\ncredential_process = "+filepath.Join(t.TempDir(), "no-such-helper")+"\nregion = eu-west-1\n")
	mfa := file("config", "[profile shop]\nrole_arn = arn:aws:iam::123456789012:role/Operator\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/ann\nregion = eu-west-1\n[profile base]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = example\n")
	typo := file("c.yaml", "contexts:\n  - name: shop\n    regoin: eu-west-1\n")
	return map[string]mishap{
		"no credentials":             {args: []string{"--region", "eu-west-1"}, thing: "no AWS credentials were found", next: "aws sso login", code: 1},
		"no region":                  {environment: []string{"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=example"}, thing: "no region is configured", next: "--region", code: 2},
		"no such profile":            {args: []string{"--profile", "shpo"}, thing: "shpo", next: "aws configure list-profiles", code: 2},
		"wrong region":               {args: []string{"--endpoint-url", empty, "--region", "eu-central-1"}, thing: "in eu-central-1", next: "--region", code: 1},
		"no such stack":              {args: []string{"--endpoint-url", half, "--stack", "shpo"}, thing: "there is no stack named shpo in us-east-1", next: "Check --stack and --region", code: 1},
		"half a stack":               {args: []string{"--endpoint-url", half, "--stack", "shop"}, thing: "the stack shop has no output OrderDLQueueUrl", next: "--dlq-url", code: 1},
		"no permission":              {args: []string{"--endpoint-url", forbidden}, thing: "lacks the permission cloudformation:DescribeStacks", next: "Ask for cloudformation:DescribeStacks", code: 1},
		"expired SSO":                {args: []string{"--profile", "shop"}, environment: []string{"AWS_CONFIG_FILE=" + sso}, thing: "the sign-in of the profile shop has expired, or was never made", next: "aws sso login --profile shop", code: 1},
		"expired credentials":        {args: []string{"--endpoint-url", expired}, thing: "expired", next: "aws sso login", code: 1},
		"a helper that is not there": {args: []string{"--profile", "shop"}, environment: []string{"AWS_CONFIG_FILE=" + process}, thing: "the profile shop gave no credentials", next: "credential_process", code: 1},
		"MFA without a terminal":     {args: []string{"--profile", "shop"}, environment: []string{"AWS_CONFIG_FILE=" + mfa}, thing: "MFA code", next: "terminal", code: 2},
		"typo in the configuration":  {environment: []string{"ORDEROPS_CONFIG=" + typo}, thing: `c.yaml:3:5: there is no setting "regoin"`, next: "Did you mean region?", code: 2, onShell: true},
		"no network":                 {args: []string{"--endpoint-url", "http://127.0.0.1:1"}, thing: "nothing accepts connections at 127.0.0.1:1", next: "Check that something answers at http://127.0.0.1:1", code: 1},
		"no such host":               {args: []string{"--endpoint-url", "http://sqs.invalid"}, environment: []string{"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=example", "AWS_REGION=eu-west-1"}, thing: "sqs.invalid", next: "Check that something answers at http://sqs.invalid", code: 1},
	}
}

// chain is what Go's and the SDK's errors look like.
var chain = regexp.MustCompile(`operation error|https response error|dial tcp|lookup .* on|goroutine |panic:|\.go:\d|%!|failed to |connectex|RequestID: |, StatusCode: `)

// TestCommandTellsNewcomersWhatToDo: whatever goes wrong on the first day, the
// command names the thing and the next step, in words.
func TestCommandTellsNewcomersWhatToDo(t *testing.T) {
	t.Parallel()
	for name, m := range mishaps(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := commandIn(t, append(hermetic("1"), m.environment...), append([]string{"status"}, m.args...)...)
			if got.code != m.code || got.stdout != "" {
				t.Errorf("exit code %d, want %d; stdout %q", got.code, m.code, got.stdout)
			}
			for _, want := range []string{m.thing, m.next, "  next  "} {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("%q is missing in\n%s", want, got.stderr)
				}
			}
			if found := chain.FindString(got.stderr); found != "" {
				t.Errorf("%q is for programmers:\n%s", found, got.stderr)
			}
		})
	}
}

// TestTerminalTellsNewcomersWhatToDo is the same on the dashboard, which opens
// and says why it shows nothing.
func TestTerminalTellsNewcomersWhatToDo(t *testing.T) {
	t.Parallel()
	for name, m := range mishaps(t) {
		if name == "MFA without a terminal" {
			continue // there is one, and it is asked
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := ptytest.Start(t, ptytest.Options{Cols: 160, Rows: 40, Timeout: patience, Env: append(hermetic("1"), m.environment...)}, os.Args[0], m.args...)
			if m.onShell {
				p.WaitFor(m.thing)
				p.WaitFor(m.next)
				if code := p.WaitExit(); code != m.code {
					t.Errorf("exit code %d, want %d", code, m.code)
				}
				return
			}
			p.WaitFor("Not connected")
			p.WaitFor(m.thing)
			p.WaitFor(m.next)
			p.WaitFor("r tries again · q quits")
			if found := chain.FindString(p.Text()); found != "" {
				t.Errorf("%q is for programmers:\n%s", found, p.Dump())
			}
			straight(t, p)
			quits(t, p)
		})
	}
}
