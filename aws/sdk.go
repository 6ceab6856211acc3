package aws

import (
	"context"

	awssdk "github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/ec2/imds"
	"github.com/aws/smithy-go/logging"

	"orderops/config"
	"orderops/workflow"
)

// defaultRegion is what a local endpoint gets on a machine without any AWS configuration.
const defaultRegion = "us-east-1"

// Options are what a start gives besides the operator's settings.
type Options struct {
	// HTTPClient carries the requests; nil means the SDK's own.
	HTTPClient awssdk.HTTPClient
	// Credentials replace the machine's whole AWS configuration, which is then
	// not read at all; nil means the SDK's chain. For an AWS in this process.
	Credentials awssdk.CredentialsProvider
	// Audit is told of every call that changes something; nil keeps none.
	Audit *Audit
}

// load makes the SDK's configuration. It calls nothing but where the
// credentials come from.
func load(ctx context.Context, settings config.Settings, options Options) (awssdk.Config, error) {
	if options.Credentials != nil {
		return finish(settings, awssdk.Config{
			Region: settings.Region, Credentials: options.Credentials, HTTPClient: options.HTTPClient,
		})
	}
	local := config.Loopback(settings.EndpointURL)
	loaders := []func(*awsconfig.LoadOptions) error{awsconfig.WithLogger(logging.Nop{})}
	if settings.Profile != "" {
		loaders = append(loaders, awsconfig.WithSharedConfigProfile(settings.Profile))
	}
	if prompt := workflow.PromptOf(ctx); prompt != nil {
		loaders = append(loaders, awsconfig.WithAssumeRoleCredentialOptions(secondFactor(prompt)))
	}
	if settings.Region != "" {
		loaders = append(loaders, awsconfig.WithRegion(settings.Region))
	}
	if options.HTTPClient != nil {
		loaders = append(loaders, awsconfig.WithHTTPClient(options.HTTPClient))
	}
	if local {
		// A local endpoint must not wait for a machine role that isn't there.
		loaders = append(loaders, awsconfig.WithEC2IMDSClientEnableState(imds.ClientDisabled))
	}
	cfg, err := awsconfig.LoadDefaultConfig(ctx, loaders...)
	if err != nil {
		return awssdk.Config{}, explainConfiguration(err, settings.Profile)
	}
	if local && settings.Profile == "" {
		if _, err := cfg.Credentials.Retrieve(ctx); err != nil {
			cfg.Credentials = unchecked()
			return finish(settings, cfg)
		}
	}
	cfg.Credentials = &renewable{from: cfg.Credentials, load: func(ctx context.Context) (awssdk.CredentialsProvider, error) {
		again, err := awsconfig.LoadDefaultConfig(ctx, loaders...)
		return again.Credentials, err
	}}
	return finish(settings, cfg)
}

// finish applies what holds for every configuration. The endpoint comes last,
// so that the clients that fetch credentials keep their own.
func finish(settings config.Settings, cfg awssdk.Config) (awssdk.Config, error) {
	if settings.EndpointURL != "" {
		cfg.BaseEndpoint = awssdk.String(settings.EndpointURL)
	}
	cfg.Logger = logging.Nop{} // the terminal belongs to the screens
	cfg.Credentials = markedCredentials{cfg.Credentials}
	if cfg.Region == "" && (settings.Local || config.Loopback(awssdk.ToString(cfg.BaseEndpoint))) {
		cfg.Region = defaultRegion
	}
	if cfg.Region == "" {
		return awssdk.Config{}, &workflow.Problem{
			Kind: workflow.Invalid, Operation: "read the AWS configuration", Target: settings.Profile,
			Reason: "no region is configured", Next: "Give --region, or set AWS_REGION or the profile's region",
		}
	}
	return cfg, nil
}
