package aws

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orderops/config"
	"orderops/workflow"
)

// roleService answers AssumeRole and keeps what it was asked.
type roleService struct{ form url.Values }

func (s *roleService) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if s.form, err = url.ParseQuery(string(body)); err != nil {
		return nil, err
	}
	answer := `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>` +
		`<AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>` +
		`<Expiration>` + time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/xml"}}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, nil
}

// A role that wants a second factor gets the code that the operator was asked
// for, and no other way round it.
func TestARoleIsAssumedWithASecondFactor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config")
	content := "[profile live]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/ops\nmfa_serial = arn:aws:iam::1:mfa/ann\nsource_profile = base\n" +
		"[profile base]\naws_access_key_id = AKIA\naws_secret_access_key = s\n"
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("AWS_CONFIG_FILE", path)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	for _, name := range []string{"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_CA_BUNDLE"} {
		t.Setenv(name, "")
	}
	settings := config.Default()
	settings.Profile = "live"

	for _, test := range []struct { //nolint:paralleltest // the SDK reads the environment, which is this test's own
		name   string
		prompt workflow.Prompt
		code   string
		want   string
	}{
		{"given", func(string) (string, error) { return "123456", nil }, "123456", ""},
		{"refused", func(string) (string, error) { return "", errors.New("esc") }, "", "the MFA code of arn:aws:iam::1:mfa/ann is needed"},
		{"nobody to ask", nil, "", "there is no terminal to ask for it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := t.Context()
			if test.prompt != nil {
				ctx = workflow.WithPrompt(ctx, test.prompt)
			}
			service := &roleService{}
			cfg, err := load(ctx, settings, Options{HTTPClient: service})
			if err == nil {
				_, err = cfg.Credentials.Retrieve(ctx)
				if err != nil {
					err = explainer{profile: "live"}.explain(err, attempt{action: "sts:GetCallerIdentity"})
				}
			}
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if got := service.form.Get("TokenCode"); got != test.code {
				t.Errorf("the code %q was sent, want %q", got, test.code)
			}
		})
	}
}
