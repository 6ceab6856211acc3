package aws_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/aws/local/wire"
	"orderops/config"
	"orderops/workflow"
)

// Credentials that a sign-in tool rewrites in ~/.aws/credentials are taken up by the
// connection that there is: AWS refuses the old ones, and the next call has the new.
func TestRenewedCredentialsAreTakenUp(t *testing.T) {
	freshMachine(t)
	file := filepath.Join(t.TempDir(), "credentials")
	signIn := func(key string) {
		t.Helper()
		content := "[default]\naws_access_key_id = " + key + "\naws_secret_access_key = s\naws_session_token = t\n"
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	signIn("ASIAOLD")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	expired := false
	cloud := local.New(local.Options{Intercept: func(_ context.Context, call local.Call) *wire.Error {
		if !expired || call.AccessKey != "ASIAOLD" {
			return nil
		}
		return &wire.Error{Status: http.StatusForbidden, Type: "ExpiredTokenException", Message: "The security token included in the request is expired"}
	}})
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
	read := func() error {
		_, err := s.Queue.Describe(t.Context(), s.Deployment.QueueURL)
		return err
	}

	expired = true
	for range 2 { // as long as nobody signs in
		if p := problem(t, read()); p.Kind != workflow.Unauthenticated {
			t.Fatalf("got %v, want the credentials to be refused", p)
		}
	}
	signIn("ASIANEW")
	if err := read(); err != nil {
		t.Errorf("after signing in anew: %v", err)
	}
	if n := cloud.Calls("ASIANEW")["sqs:GetQueueAttributes"]; n != 1 {
		t.Errorf("%d calls with the new credentials, want 1", n)
	}
}
