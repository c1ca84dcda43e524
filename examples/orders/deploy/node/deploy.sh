#!/usr/bin/env bash
# Builds the image and deploys it to Cloud Run. Can be run again; setup.sh runs it the first time.
#
# REDIS_URL comes from a secret: the URL of a Memorystore Redis in the network that the service joins.
#
#   PROJECT=my-project REGION=europe-west1 NETWORK=default PAY_URL=https://... ./deploy.sh
set -euo pipefail
cd "$(dirname "$0")"
: "${PROJECT:?}" "${REGION:?}" "${NETWORK:?}" "${PAY_URL:?must be the URL of the payment service}"
export CLOUDSDK_CORE_PROJECT=$PROJECT

image="$REGION-docker.pkg.dev/$PROJECT/orders/orders:$(git rev-parse --short HEAD)"
npm run build
docker build --platform=linux/amd64 --tag="$image" .
docker push "$image"
# Private, because Cloud Run, and not the server, checks who posts to /charge. Deploy a public API as another service.
gcloud run deploy orders --image="$image" --region="$REGION" --no-allow-unauthenticated \
  --service-account="orders@$PROJECT.iam.gserviceaccount.com" \
  --set-env-vars=PAY_URL="$PAY_URL" --set-secrets=REDIS_URL=redis-url:latest --vpc-egress=private-ranges-only --network="$NETWORK"
