package aws_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"orderops/aws"
	"orderops/aws/local"
	"orderops/config"
	"orderops/workflow"
)

// silent never answers what it is asked of SQS and Step Functions.
type silent struct{ cloud *local.Cloud }

func (s silent) Do(r *http.Request) (*http.Response, error) {
	if target := r.Header.Get("X-Amz-Target"); target == "" {
		return s.cloud.HTTPClient().Do(r)
	}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// A call without an answer ends, also when nobody set a deadline: a read as
// failed, a send as one that may have acted.
func TestEveryCallEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := local.New(local.Options{})
		defer cloud.Close()
		settings := config.Default()
		settings.EndpointURL, settings.Region, settings.QueueURL, settings.DeadLetterURL = cloud.URL(), cloud.Region(), queueURL, deadURL
		settings.StateMachineARN, settings.Table = "arn:aws:states:us-east-1:000000000000:stateMachine:M", "order-table"
		session, err := aws.Connect(t.Context(), settings, aws.Options{
			HTTPClient: silent{cloud}, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
		})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		if _, err := session.Queue.Send(t.Context(), queueURL, []byte("x"), nil); workflow.KindOf(err) != workflow.OutcomeUnknown {
			t.Errorf("a send: %v", err)
		}
		if took := time.Since(began); took > 2*time.Minute {
			t.Errorf("a send ended after %v", took)
		}
		if _, err := session.Queue.Describe(workflow.WithPolling(t.Context()), queueURL); err == nil || time.Since(began) > 4*time.Minute {
			t.Errorf("a poll ended after %v with %v", time.Since(began), err)
		}
	})
}
