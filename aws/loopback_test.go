package aws_test

import (
	"net/http/httptest"
	"path/filepath"
	"testing"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/config"
	"orderops/workflow"
)

// freshMachine hides the machine's AWS configuration.
func freshMachine(t *testing.T) {
	t.Helper()
	missing := filepath.Join(t.TempDir(), "missing")
	for name, value := range map[string]string{
		"AWS_CONFIG_FILE": missing, "AWS_SHARED_CREDENTIALS_FILE": missing,
		"AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": "", "AWS_REGION": "", "AWS_DEFAULT_REGION": "", "AWS_ENDPOINT_URL": "",
		"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_SESSION_TOKEN": "", "AWS_WEB_IDENTITY_TOKEN_FILE": "",
		"AWS_CONTAINER_CREDENTIALS_FULL_URI": "", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "",
	} {
		t.Setenv(name, value)
	}
}

func TestLoopbackNeedsNoConfiguration(t *testing.T) { //nolint:paralleltest // it changes the environment
	freshMachine(t)
	cloud := local.New(local.Options{})
	defer cloud.Close()
	server := httptest.NewServer(cloud.Handler())
	defer server.Close()
	b := &bench{T: t, cloud: cloud}
	b.deploy("shop", whole())

	settings := config.Default()
	settings.EndpointURL = server.URL
	s, err := aws.Connect(t.Context(), settings, aws.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if d := s.Deployment; d.Region != "us-east-1" || d.Endpoint != server.URL || d.QueueURL == "" {
		t.Errorf("got %+v", d)
	}
	if n := cloud.Calls("orderops")["sts:GetCallerIdentity"]; n != 1 {
		t.Errorf("%d calls with the placeholder credentials, want 1", n)
	}
}

func TestNobodyListens(t *testing.T) { //nolint:paralleltest // it changes the environment
	freshMachine(t)
	server := httptest.NewServer(nil)
	server.Close()
	settings := config.Default()
	settings.EndpointURL = server.URL
	_, err := aws.Connect(t.Context(), settings, aws.Options{})
	if p := problem(t, err); p.Kind != workflow.Unreachable || p.Next != "Check that something answers at "+server.URL {
		t.Errorf("got %v, want it to name the endpoint", p)
	}
}
